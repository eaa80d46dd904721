/* footfall export: raw rows of a site into a file, as the endpoints of /api/export give them. */
#include "base/day.h"
#include "base/io.h"
#include "base/num.h"
#include "fact/audit.h"
#include "fact/export.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/progress.h"
#include "room/tool/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE_MAX (4 * 1024 * 1024)

struct order {
	struct ff_export_ask ask;
	struct ff_site       site;
	const char          *site_name, *out, *from, *to;
	bool                 quiet;
};

static bool
read_what(const char *word, enum ff_export_what *out)
{
	static const char *const names[] = { "events", "visits", "items" };

	for (size_t i = 0; word != NULL && i < sizeof names / sizeof *names; i++)
		if (strcmp(word, names[i]) == 0) {
			*out = (enum ff_export_what)i;
			return true;
		}
	fprintf(stderr, "footfall: export wants one of events, visits, items\nSee: footfall help export\n");
	return false;
}

static bool
read_format(const char *word, enum ff_export_format *out)
{
	*out = word != NULL && strcmp(word, "jsonl") == 0 ? FF_EXPORT_JSONL : FF_EXPORT_CSV;
	if (word == NULL || *out == FF_EXPORT_JSONL || strcmp(word, "csv") == 0)
		return true;
	fprintf(stderr, "footfall: --format wants csv or jsonl\n");
	return false;
}

static bool
read_limit(const char *word, int64_t *out)
{
	if (word == NULL || ff_num_range(ff_str_from(word), 1, INT64_MAX, out))
		return true;
	fprintf(stderr, "footfall: --limit wants a number of rows\n");
	return false;
}

static bool
read_args(int argc, char **argv, struct order *o)
{
	struct ff_args args;
	const char    *format, *limit;

	ff_args_init(&args, "export", argc, argv);
	o->site_name = ff_args_option(&args, "--site");
	o->out = ff_args_option(&args, "--out");
	o->from = ff_args_option(&args, "--from");
	o->to = ff_args_option(&args, "--to");
	format = ff_args_option(&args, "--format");
	limit = ff_args_option(&args, "--limit");
	o->ask.cursor = ff_str_from(ff_args_option(&args, "--cursor"));
	o->ask.bom = ff_args_flag(&args, "--bom");
	o->ask.robots = ff_args_flag(&args, "--robots");
	o->ask.identities = ff_args_flag(&args, "--identities");
	o->quiet = ff_args_flag(&args, "--quiet");
	return read_what(ff_args_word(&args), &o->ask.what) && ff_args_done(&args) && read_format(format, &o->ask.format) &&
	    read_limit(limit, &o->ask.limit);
}

static bool
read_day(const char *word, const struct ff_zone *zone, int32_t more, int64_t *us)
{
	int32_t day;

	if (word == NULL)
		return true;
	if (!ff_day_parse(ff_str_from(word), &day)) {
		fprintf(stderr, "footfall: %s is no day; they are written like 2026-11-21\n", word);
		return false;
	}
	*us = ff_zone_day_start(zone, day + more);
	return true;
}

/* Rows to fd until the last one; *x stays where it ended. */
static enum ff_err
copy(struct order *o, struct ff_export *x, int fd)
{
	struct ff_progress bar;
	struct ff_buf      piece;
	enum ff_err        err;

	ff_buf_init(&piece, PIECE_MAX);
	ff_progress_begin(&bar, "export", "rows", o->quiet);
	while ((err = ff_export_next(x, &piece)) == FF_OK) {
		double share = ff_export_share(x);

		err = piece.overflow ? FF_INTERNAL : ff_io_write_all(fd, piece.p, piece.len);
		if (err != FF_OK)
			break;
		ff_progress_step(&bar, share < 0 ? 0 : (uint64_t)(share * 1000), share < 0 ? 0 : 1000, (uint64_t)ff_export_rows(x));
		ff_buf_clear(&piece);
	}
	ff_progress_end(&bar);
	ff_buf_free(&piece);
	return err == FF_END ? FF_OK : err;
}

static int
say_how_it_went(struct ff_tool *tool, const struct ff_export *x, enum ff_err err, bool quiet)
{
	struct ff_str cursor = ff_export_cursor(x);

	if (err == FF_IO)
		fprintf(stderr, "footfall: cannot write: %s\n", strerror(errno));
	if (!quiet)
		fprintf(stderr, "%lld rows\n", (long long)ff_export_rows(x));
	if (cursor.len > 0 && (err != FF_OK || ff_export_more(x)))
		fprintf(stderr, "footfall: go on behind the last row with --cursor %.*s\n", FF_STR_ARG(cursor));
	return err == FF_OK ? 0 : err == FF_IO ? 1 : ff_tool_fail(tool, "export", err, NULL);
}

static int
run(struct ff_tool *tool, struct order *o)
{
	struct ff_fault   fault = { 0 };
	struct ff_export *x;
	int               fd = STDOUT_FILENO, code;
	enum ff_err       err = ff_export_open(tool->db, &o->ask, &x, &fault);

	if (err == FF_OK && o->ask.cursor.len == 0)
		err = ff_audit_add(tool->db, tool->arena, FF_STR("operator"), "export", o->site.site_id,
		    o->ask.identities ? FF_STR("with identities") : FF_STR(""));
	if (err != FF_OK)
		return ff_tool_fail(tool, "export", err, err == FF_INVALID ? &fault : NULL);
	if (o->out != NULL)
		fd = open(o->out, O_WRONLY | O_CREAT | O_CLOEXEC | (o->ask.cursor.len > 0 ? O_APPEND : O_TRUNC), 0600);
	if (fd < 0) {
		fprintf(stderr, "footfall: cannot open %s: %s\n", o->out, strerror(errno));
		ff_export_close(x);
		return 1;
	}
	err = copy(o, x, fd);
	if (o->out != NULL && close(fd) != 0 && err == FF_OK)
		err = FF_IO;
	code = say_how_it_went(tool, x, err, o->quiet);
	ff_export_close(x);
	return code;
}

int
ff_cmd_export(struct ff_tool *tool, int argc, char **argv)
{
	struct order          o = { .ask = { .now_us = ff_now() } };
	const struct ff_zone *zone;
	enum ff_err           err;

	if (!read_args(argc, argv, &o))
		return 2;
	err = ff_sites_find(tool->db, tool->arena, ff_str_from(o.site_name), &o.site);
	if (err != FF_OK)
		return ff_tool_fail_site(tool, o.site_name, err);
	o.ask.site = &o.site;
	o.ask.continued = o.out != NULL && o.ask.cursor.len > 0;
	if (ff_zone_find(ff_str_z(tool->arena, o.site.time_zone), &zone) != FF_OK)
		return 1;
	if (!read_day(o.from, zone, 0, &o.ask.from_us) || !read_day(o.to, zone, 1, &o.ask.to_us))
		return 2;
	return run(tool, &o);
}
