/* log.h - one line a fact on stderr: time level program area request-id message.
 *
 * The web server, systemd or cron keeps stderr; we never open a log file. A message is formatted into
 * one bounded line (cut at FF_LOG_LINE_MAX) with control characters replaced, so that no input can
 * forge a second line, and goes out in one write(2). */
#ifndef FF_BASE_LOG_H
#define FF_BASE_LOG_H

#include "base/err.h"

enum ff_log_level { FF_LOG_ERROR, FF_LOG_WARN, FF_LOG_INFO, FF_LOG_DEBUG };

void ff_log_setup(const char *program, enum ff_log_level max);
/* The id that this thread's lines carry until it is set again; NULL or "" for none. Copied. */
void ff_log_request(const char *id);
void ff_log(enum ff_log_level level, const char *area, const char *fmt, ...) ff_printf(3, 4);

#define ff_error(area, ...) ff_log(FF_LOG_ERROR, area, __VA_ARGS__)
#define ff_warn(area, ...)  ff_log(FF_LOG_WARN, area, __VA_ARGS__)
#define ff_info(area, ...)  ff_log(FF_LOG_INFO, area, __VA_ARGS__)
#define ff_debug(area, ...) ff_log(FF_LOG_DEBUG, area, __VA_ARGS__)

#endif
