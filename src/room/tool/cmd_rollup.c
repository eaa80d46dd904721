/* footfall rollup: holds the rollups against the raw rows, and counts them anew. */
#include "base/day.h"
#include "fact/recount.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/progress.h"
#include "room/tool/tool.h"

struct asked {
	struct ff_site site;
	int32_t        first, last, since; /* local days of the site */
	bool           upgraded;           /* since: see ff_recount_since */
};

static bool
read_day(const char *option, const char *text, int32_t otherwise, int32_t *day)
{
	*day = otherwise;
	if (text == NULL || ff_day_parse(ff_str_from(text), day))
		return true;
	fprintf(stderr, "footfall: %s wants a day like 2026-11-21, not %s\n", option, text);
	return false;
}

/* Are the days there? *code: if not. */
static bool
check_days(const struct asked *asked, bool default_last, int *code)
{
	char since[11];

	if (asked->first >= asked->since && asked->first <= asked->last)
		return true;
	ff_day_print(asked->since, since);
	fprintf(stderr, "footfall: raw rows are complete from %s on", since);
	if (asked->upgraded)
		fprintf(stderr, " (earlier ones are from before an upgrade, and do not hold all that figures are made of)");
	if (asked->first < asked->since)
		fprintf(stderr, ": --from cannot be earlier\n");
	else
		fprintf(stderr, ": there is no such day up to --to, or to yesterday\n");
	/* A new site is no fault. */
	*code = asked->first < asked->since || !default_last ? 2 : asked->upgraded;
	return false;
}

/* The site's days that are asked for and can be worked out. *code: why not. */
static bool
read_range(struct ff_tool *tool, const char *from, const char *to, struct asked *asked, int *code)
{
	const struct ff_zone *zone;
	enum ff_err           err = ff_recount_since(tool->db, tool->arena, asked->site.site_id, &asked->since,
	    &asked->upgraded);

	*code = 1;
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: no raw rows are kept of this site: there is nothing to count from\n");
		return false;
	}
	if (err != FF_OK || (err = ff_zone_find(ff_str_z(tool->arena, asked->site.time_zone), &zone)) != FF_OK) {
		*code = ff_tool_fail(tool, "rollup", err, NULL);
		return false;
	}
	*code = 2;
	if (!read_day("--from", from, asked->since, &asked->first) ||
	    !read_day("--to", to, ff_zone_day(zone, ff_now()) - 1, &asked->last))
		return false;
	return check_days(asked, to == NULL, code);
}

static bool
read_asked(struct ff_tool *tool, int argc, char **argv, const char *name, struct asked *asked, int *code)
{
	struct ff_args args;
	const char    *site, *from, *to;
	enum ff_err    err;

	ff_args_init(&args, name, argc, argv);
	site = ff_args_option(&args, "--site");
	from = ff_args_option(&args, "--from");
	to = ff_args_option(&args, "--to");
	*code = 2;
	if (!ff_args_done(&args))
		return false;
	if (site == NULL) {
		fprintf(stderr, "footfall: %s wants --site\nSee: footfall help %s\n", name, name);
		return false;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site), &asked->site)) != FF_OK) {
		*code = ff_tool_fail_site(tool, site, err);
		return false;
	}
	return read_range(tool, from, to, asked, code);
}

/* ---- verify ---- */

/* By table, of all days and months. */
struct totals {
	struct ff_verdict v[FF_VERDICTS_MAX];
	size_t            n;
	int64_t           wrong;
};

static void
totals_add(struct ff_tool *tool, struct totals *t, const struct ff_verdict *one)
{
	size_t i = 0;

	while (i < t->n && !ff_str_eq(t->v[i].table, one->table))
		i++;
	if (i == FF_VERDICTS_MAX)
		return;
	if (i == t->n)
		t->v[t->n++] = (struct ff_verdict){ .table = ff_str_dup(tool->arena, one->table) };
	t->v[i].checked += one->checked;
	t->v[i].wrong += one->wrong;
	t->wrong += one->wrong;
	if (one->wrong > 0)
		printf("%.*s:\n%.*s\n", FF_STR_ARG(one->table), FF_STR_ARG(one->examples));
}

typedef enum ff_err verify_fn(struct ff_db *, struct ff_arena *, int32_t, int32_t, struct ff_verdict *, size_t *);

static enum ff_err
verify_one(struct ff_tool *tool, struct totals *t, verify_fn *fn, int32_t site_id, int32_t day)
{
	struct ff_verdict v[FF_VERDICTS_MAX];
	struct ff_arena   arena;
	size_t            n;
	enum ff_err       err;

	ff_arena_init(&arena);
	err = fn(tool->db, &arena, site_id, day, v, &n);
	for (size_t i = 0; i < n && err == FF_OK; i++)
		totals_add(tool, t, &v[i]);
	ff_arena_free(&arena);
	return err;
}

static enum ff_err
verify_all(struct ff_tool *tool, const struct asked *asked, struct totals *t)
{
	struct ff_progress progress;
	int32_t           *months;
	size_t             n;
	enum ff_err        err = FF_OK;

	ff_progress_begin(&progress, "rollups", "days", false);
	for (int32_t day = asked->first; day <= asked->last && err == FF_OK; day++) {
		uint64_t done = (uint64_t)(day - asked->first);

		ff_progress_step(&progress, done, (uint64_t)(asked->last - asked->first) + 1, done);
		err = verify_one(tool, t, ff_verify_day, asked->site.site_id, day);
	}
	ff_progress_end(&progress);
	FF_TRY(err);
	FF_TRY(ff_months_between(tool->db, tool->arena, asked->site.site_id, asked->first, asked->last, &months, &n));
	for (size_t i = 0; i < n; i++)
		FF_TRY(verify_one(tool, t, ff_verify_month, asked->site.site_id, months[i]));
	return FF_OK;
}

int
ff_cmd_rollup_verify(struct ff_tool *tool, int argc, char **argv)
{
	struct totals t = { .n = 0 };
	struct asked  asked;
	int           code;
	enum ff_err   err;
	char          first[11], last[11];

	if (!read_asked(tool, argc, argv, "rollup verify", &asked, &code))
		return code;
	if ((err = verify_all(tool, &asked, &t)) != FF_OK)
		return ff_tool_fail(tool, "rollup verify", err, NULL);
	ff_day_print(asked.first, first);
	ff_day_print(asked.last, last);
	printf("%s..%s\n%-16s %12s %12s\n", first, last, "table", "rows", "wrong");
	for (size_t i = 0; i < t.n; i++)
		printf("%-16.*s %12lld %12lld\n", FF_STR_ARG(t.v[i].table), (long long)t.v[i].checked, (long long)t.v[i].wrong);
	if (t.wrong > 0)
		fprintf(stderr, "footfall: %lld rows are not what the raw rows say; `footfall rollup rebuild` mends them\n",
		    (long long)t.wrong);
	return t.wrong > 0;
}

/* ---- rebuild ---- */

static enum ff_err
rebuild_all(struct ff_tool *tool, const struct asked *asked)
{
	struct ff_progress progress;
	struct ff_rows     rows;
	enum ff_err        err;

	FF_TRY(ff_db_query(tool->db, tool->arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows));
	ff_progress_begin(&progress, "rollups", "days", false);
	err = FF_OK;
	for (int32_t day = asked->first; day <= asked->last && err == FF_OK; day++) {
		uint64_t done = (uint64_t)(day - asked->first);

		ff_progress_step(&progress, done, (uint64_t)(asked->last - asked->first) + 1, done);
		err = ff_recount_day(tool->db, tool->arena, asked->site.site_id, day);
	}
	ff_progress_end(&progress);
	FF_TRY(err);
	return ff_recount_months(tool->db, tool->arena, asked->site.site_id, asked->first, asked->last);
}

int
ff_cmd_rollup_rebuild(struct ff_tool *tool, int argc, char **argv)
{
	struct asked asked;
	int          code;
	char         first[11], last[11];
	enum ff_err  err;

	if (!read_asked(tool, argc, argv, "rollup rebuild", &asked, &code))
		return code;
	ff_day_print(asked.first, first);
	ff_day_print(asked.last, last);
	if ((err = ff_tx_begin(tool->db)) != FF_OK)
		return ff_tool_fail(tool, "rollup rebuild", err, NULL);
	fprintf(stderr, "counting anew: the drain waits meanwhile\n");
	err = ff_tool_record(tool, rebuild_all(tool, &asked), "rollup.rebuild", asked.site.site_id,
	    ff_str_printf(tool->arena, "%s..%s", first, last));
	if (err != FF_OK)
		return ff_tool_fail(tool, "rollup rebuild", err, NULL);
	printf("%s..%s is counted anew\n", first, last);
	return 0;
}
