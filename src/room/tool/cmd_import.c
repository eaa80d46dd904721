/* footfall import access-log: lines -> hits -> the same intake, spool and drain as everybody's. */
#include "base/day.h"
#include "base/limits.h"
#include "base/table.h"
#include "base/utf8.h"
#include "fact/exclude.h"
#include "fact/logline.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/feed.h"
#include "room/tool/progress.h"
#include "safe/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define LINE_MAX_BYTES (64 * 1024) /* longer lines are no log lines: web servers cap a request at 8-32 KiB */
#define TWINS          100000      /* lines among which identical ones are told apart */

struct import {
	struct ff_feed     feed;
	struct ff_site     site;
	struct ff_exclude  exclude;
	struct ff_arena    arena;      /* of one line */
	struct ff_table    twins[2];   /* identical lines seen: this and the last generation */
	gzFile             in;
	int                fd;         /* for the position in a compressed file */
	uint64_t           size;       /* 0 = unknown */
	struct ff_progress progress;
	int64_t            now_us;
	uint64_t           lines, robots, future, ancient, refused, excluded, by_class[FF_LINE_CLASSES];
};

/* How often this very line came before: two equal requests in one second are two views, and the n-th of them has the
 * same number at the next reading. Equal lines stand close together, so two generations are memory enough. */
static int64_t
twin_number(struct import *im, struct ff_str line)
{
	int64_t *seen, *before;

	if (im->twins[0].count >= TWINS) {
		struct ff_table old = im->twins[1];

		im->twins[1] = im->twins[0];
		im->twins[0] = old;
		ff_table_clear(&im->twins[0]);
	}
	before = ff_table_find(&im->twins[1], line);
	seen = ff_table_put(&im->twins[0], line, before == NULL ? 0 : *before, NULL);
	return (*seen)++;
}

static struct ff_uuid
id_of_line(struct import *im, struct ff_str line)
{
	int64_t       twin = twin_number(im, line);
	struct ff_str parts[] = { line, { (const char *)&twin, sizeof twin },
		{ (const char *)im->site.public_id.b, sizeof im->site.public_id.b } };
	uint8_t       hash[16];

	ff_hash(hash, sizeof hash, NULL, parts, 3);
	return ff_uuid_v8(hash);
}

/* What the collector would have left out too. */
static bool
is_excluded(const struct import *im, const struct ff_hit *hit, const struct ff_event *event)
{
	return (!hit->anonymous && ff_exclude_addr(&im->exclude, &hit->addr)) ||
	    ff_exclude_page(&im->exclude, event->hostname, event->path) || ff_exclude_country(&im->exclude, event->country);
}

static enum ff_err
take_page(struct import *im, struct ff_str line, const struct ff_logline *l)
{
	struct ff_event event = { .kind = FF_KIND_PAGEVIEW, .name = FF_STR("pageview"), .flags = FF_FLAG_IMPORT,
		.view_type = FF_VIEW_INTENTIONAL, .view_source = FF_SOURCE_WEB, .scroll = 255 };
	struct ff_hit   hit = { .site = &im->site, .received_us = im->now_us, .ts_us = l->ts_us, .url = l->target,
		  .referrer = l->referrer, .user_agent = l->user_agent };
	enum ff_err     err;

	if (ff_addr_parse(l->host, &hit.addr))
		ff_feed_salts(&im->feed, &hit);
	else
		hit.anonymous = true; /* a log without addresses has no visitors */
	event.event_id = id_of_line(im, line);
	err = ff_enrich(&im->feed.intake, &im->arena, &hit, &event, NULL);
	if (err == FF_OK && is_excluded(im, &hit, &event)) {
		im->excluded++;
		return FF_OK;
	}
	if (err == FF_OK)
		err = ff_feed_put(&im->feed, &event, NULL);
	if (err == FF_INVALID) {
		im->refused++;
		return FF_OK;
	}
	im->robots += event.robot != FF_ROBOT_NO;
	return err;
}

static enum ff_err
take_line(struct import *im, struct ff_str line)
{
	struct ff_logline  l;
	enum ff_line_class class = FF_LINE_MALFORMED;

	im->lines++;
	ff_arena_reset(&im->arena);
	if (ff_logline_parse(&im->arena, line, &l) == FF_OK)
		class = ff_logline_class(&l);
	im->by_class[class]++;
	if (class != FF_LINE_PAGE)
		return FF_OK;
	if (l.ts_us > im->now_us + FF_US_DAY) {
		im->future++;
		return FF_OK;
	}
	if (l.ts_us < FF_EVENT_FIRST_US) {
		im->ancient++;
		return FF_OK;
	}
	return take_page(im, line, &l);
}

/* The lines of buffer[0..len); what is left of an unfinished one moves to the front. A line longer than the buffer
 * is one malformed line: *skipping until its end. */
static enum ff_err
split_lines(struct import *im, char *buffer, size_t *len, bool *skipping)
{
	char *line = buffer, *end = buffer + *len, *newline;

	while ((newline = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		size_t n = (size_t)(newline - line);

		if (n > 0 && line[n - 1] == '\r')
			n--;
		if (*skipping)
			*skipping = false;
		else if (n > 0)
			FF_TRY(take_line(im, ff_str_of(line, n)));
		line = newline + 1;
	}
	*len = (size_t)(end - line);
	if (*len == LINE_MAX_BYTES) {
		if (!*skipping)
			FF_TRY(take_line(im, ff_str_of(line, *len)));
		*skipping = true;
		*len = 0;
	}
	memmove(buffer, line, *len);
	return FF_OK;
}

static enum ff_err
read_lines(struct import *im)
{
	char  *buffer = ff_alloc(im->feed.tool->arena, LINE_MAX_BYTES);
	size_t len = 0;
	bool   skipping = false;
	int    got, code;

	while ((got = gzread(im->in, buffer + len, (unsigned)(LINE_MAX_BYTES - len))) > 0) {
		len += (size_t)got;
		FF_TRY(split_lines(im, buffer, &len, &skipping));
		ff_progress_step(&im->progress, im->size ? (uint64_t)lseek(im->fd, 0, SEEK_CUR) : 0, im->size, im->lines);
	}
	if (len > 0 && !skipping)
		FF_TRY(take_line(im, ff_str_of(buffer, len)));
	gzerror(im->in, &code);
	return got == 0 && (code == Z_OK || code == Z_STREAM_END) ? FF_OK : FF_CORRUPT; /* a cut archive: Z_BUF_ERROR */
}

static bool
open_input(struct import *im, const char *file)
{
	struct stat st;

	im->fd = strcmp(file, "-") == 0 ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);
	if (im->fd < 0 || fstat(im->fd, &st) != 0 || S_ISDIR(st.st_mode))
		return false;
	im->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	im->in = gzdopen(im->fd, "rb"); /* reads plain files as they are */
	return im->in != NULL && gzbuffer(im->in, 256 * 1024) == 0;
}

static void
report(const struct import *im, double seconds, bool waited, int64_t duplicates, int64_t bad)
{
	uint64_t pages = im->by_class[FF_LINE_PAGE] - im->future - im->ancient - im->refused - im->excluded;

	printf("%llu lines in %.1f s (%.0f lines/s)\n", (unsigned long long)im->lines, seconds,
	    (double)im->lines / (seconds > 0 ? seconds : 1));
	printf("%10llu page views\n%10llu by robots, counted apart\n", (unsigned long long)(pages - im->robots),
	    (unsigned long long)im->robots);
	for (int c = FF_LINE_PAGE + 1; c < FF_LINE_CLASSES; c++)
		printf("%10llu left out: %s\n", (unsigned long long)im->by_class[c], ff_line_class_name((enum ff_line_class)c));
	if (im->future > 0)
		printf("%10llu left out: in the future\n", (unsigned long long)im->future);
	if (im->ancient > 0)
		printf("%10llu left out: before 1990\n", (unsigned long long)im->ancient);
	if (im->refused > 0)
		printf("%10llu left out: no valid URL\n", (unsigned long long)im->refused);
	if (im->excluded > 0)
		printf("%10llu left out: excluded by the site's settings\n", (unsigned long long)im->excluded);
	if (!waited)
		printf("They are in the spool; footfall-cron drains them.\n");
	else if (duplicates >= 0)
		printf("%10lld of them were counted before\n", (long long)duplicates);
	if (bad > 0)
		printf("%10lld were refused by the database: see the table bad_record\n", (long long)bad);
}

static int
run(struct ff_tool *tool, struct import *im, const char *file, bool wait, bool quiet)
{
	int64_t     duplicates = 0, bad = 0;
	double      seconds;
	enum ff_err err;
	bool        damaged;

	ff_progress_begin(&im->progress, file, "lines", quiet);
	err = read_lines(im);
	damaged = err == FF_CORRUPT;
	if (err == FF_OK || damaged)
		err = ff_feed_flush(&im->feed);
	seconds = ff_progress_seconds(&im->progress);
	ff_progress_end(&im->progress);
	if (err != FF_OK)
		return ff_tool_fail(tool, file, err, NULL);
	if (damaged)
		fprintf(stderr, "footfall: %s: the compressed data is damaged; what came before is kept\n", file);
	if ((err = ff_feed_finish(&im->feed, wait, quiet, &duplicates, &bad)) != FF_OK) {
		fprintf(stderr, "footfall: the lines are safe in the spool, but were not drained yet; footfall-cron will do it\n");
		return ff_tool_fail(tool, "drain", err, NULL);
	}
	report(im, seconds, wait, duplicates, bad);
	return damaged;
}

int
ff_cmd_import_access_log(struct ff_tool *tool, int argc, char **argv)
{
	static struct import im;
	struct ff_args       args;
	const char          *site, *file;
	bool                 no_wait, quiet;
	enum ff_err          err;
	int                  code;

	ff_args_init(&args, "import access-log", argc, argv);
	site = ff_args_option(&args, "--site");
	no_wait = ff_args_flag(&args, "--no-wait");
	quiet = ff_args_flag(&args, "--quiet");
	file = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (site == NULL || file == NULL) {
		fprintf(stderr, "footfall: import access-log wants FILE (or -) and --site SITE\n"
		    "See: footfall help import access-log\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site), &im.site)) != FF_OK)
		return ff_tool_fail_site(tool, site, err);
	if (!open_input(&im, file)) {
		fprintf(stderr, "footfall: %s: %s\n", file, strerror(errno));
		return 1;
	}
	im.now_us = ff_now();
	ff_exclude_read(tool->arena, &im.site, &im.exclude);
	ff_arena_init(&im.arena);
	ff_table_init(&im.twins[0]);
	ff_table_init(&im.twins[1]);
	if ((err = ff_feed_open(&im.feed, tool)) != FF_OK)
		code = ff_tool_fail(tool, "spool", err, NULL);
	else
		code = run(tool, &im, file, !no_wait, quiet);
	ff_feed_free(&im.feed);
	ff_table_free(&im.twins[0]);
	ff_table_free(&im.twins[1]);
	ff_arena_free(&im.arena);
	gzclose(im.in);
	return code;
}
