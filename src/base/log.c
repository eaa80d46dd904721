#include "base/log.h"
#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char              program[32] = "footfall";
static enum ff_log_level max_level = FF_LOG_INFO;
static _Thread_local char request_id[24];

static const char *const level_names[] = { "error", "warn", "info", "debug" };

void
ff_log_setup(const char *name, enum ff_log_level max)
{
	snprintf(program, sizeof program, "%s", name);
	max_level = max;
}

void
ff_log_request(const char *id)
{
	size_t len = id == NULL ? 0 : strnlen(id, sizeof request_id - 1);

	memcpy(request_id, id == NULL ? "" : id, len);
	request_id[len] = '\0';
}

static size_t
put_prefix(char *line, size_t size, enum ff_log_level level, const char *area)
{
	struct timespec ts;
	struct tm       tm;
	int             n;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	n = snprintf(line, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s %s[%d] %s%s%s: ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ts.tv_nsec / 1000000,
	    level_names[level], program, (int)getpid(), area, request_id[0] ? " req=" : "", request_id);
	return n < (int)size ? (size_t)n : size - 1;
}

void
ff_log(enum ff_log_level level, const char *area, const char *fmt, ...)
{
	char    line[FF_LOG_LINE_MAX];
	size_t  used, start;
	va_list ap;
	int     n;

	if (level > max_level)
		return;
	start = used = put_prefix(line, sizeof line - 1, level, area);
	va_start(ap, fmt);
	n = vsnprintf(line + used, sizeof line - 1 - used, fmt, ap);
	va_end(ap);
	if (n > 0)
		used += (size_t)n < sizeof line - 1 - used ? (size_t)n : sizeof line - 2 - used;
	for (size_t i = start; i < used; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to say it */
}
