/* footfall purge: takes robots out of the figures after the fact, and puts them back. */
#include "base/day.h"
#include "base/num.h"
#include "fact/audit.h"
#include "fact/purge.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

static int64_t
min_us(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int
list(struct ff_tool *tool)
{
	struct ff_rows rows;
	enum ff_err    err = ff_db_query(tool->db, tool->arena, FF_STMT_PURGE_LIST, NULL, 0, &rows);

	if (err != FF_OK)
		return ff_tool_fail(tool, "purge", err, NULL);
	if (rows.n == 0)
		printf("Nothing was purged yet. See: footfall help purge\n");
	for (int i = 0; i < rows.n; i++) {
		char from[32], to[32], applied[32];

		ff_time_print(ff_row_us(&rows, i, 3), from);
		/* Without --to it reaches ahead of all clocks, but takes only what was there. */
		ff_time_print(min_us(ff_row_us(&rows, i, 4), ff_row_us(&rows, i, 7)), to);
		ff_time_print(ff_row_us(&rows, i, 7), applied);
		printf("%-4lld %-24.*s %s..%s  %lld visits, %lld events  %s%s\n     %.*s\n", (long long)ff_row_i64(&rows, i, 0),
		    FF_STR_ARG(ff_row_str(&rows, i, 1)), from, to, (long long)ff_row_i64(&rows, i, 5),
		    (long long)ff_row_i64(&rows, i, 6), applied, ff_row_null(&rows, i, 8) ? "" : ", undone",
		    FF_STR_ARG(ff_row_str(&rows, i, 2)));
	}
	return 0;
}

/* The first instant of a local day of the site; absent: `otherwise`. */
static bool
read_day(const struct ff_zone *zone, const char *option, const char *text, int behind, int64_t otherwise, int64_t *us)
{
	int32_t day;

	*us = otherwise;
	if (text == NULL)
		return true;
	if (!ff_day_parse(ff_str_from(text), &day)) {
		fprintf(stderr, "footfall: %s wants a day like 2026-11-21, not %s\n", option, text);
		return false;
	}
	*us = ff_zone_day_start(zone, day + behind);
	return true;
}

static bool
read_range(const struct ff_site *site, struct ff_arena *arena, const char *from, const char *to, struct ff_purge *purge)
{
	const struct ff_zone *zone;
	int64_t               now = ff_now();

	if (ff_zone_find(ff_str_z(arena, site->time_zone), &zone) != FF_OK) {
		fprintf(stderr, "footfall: this system knows no time zone %.*s\n", FF_STR_ARG(site->time_zone));
		return false;
	}
	if (!read_day(zone, "--from", from, 0, ff_zone_day_start(zone, ff_zone_day(zone, now)), &purge->from_us) ||
	    !read_day(zone, "--to", to, 1, now + FF_US_DAY, &purge->to_us))
		return false;
	if (purge->from_us < purge->to_us)
		return true;
	fprintf(stderr, "footfall: --to is before --from\n");
	return false;
}

static int
fail(struct ff_tool *tool, enum ff_err err, const struct ff_fault *fault)
{
	ff_tx_rollback(tool->db);
	return ff_tool_fail(tool, "purge", err, err == FF_INVALID ? fault : NULL);
}

static int
apply(struct ff_tool *tool, const struct ff_purge_rule *rule, struct ff_purge *purge, bool keep)
{
	struct ff_fault fault = { 0 };
	enum ff_err     err = ff_tx_begin(tool->db);

	if (err != FF_OK)
		return ff_tool_fail(tool, "purge", err, NULL);
	fprintf(stderr, "%s: the drain waits meanwhile\n", keep ? "counting anew" : "looking");
	err = ff_purge_apply(tool->db, tool->arena, rule, purge, &fault);
	if (err == FF_OK && keep && purge->visits > 0)
		err = ff_audit_add(tool->db, tool->arena, FF_STR("operator"), "purge.apply", purge->site_id,
		    ff_str_printf(tool->arena, "%lld: %.*s", (long long)purge->purge_id, FF_STR_ARG(purge->text)));
	if (err != FF_OK)
		return fail(tool, err, &fault);
	if (!keep || purge->visits == 0) {
		ff_tx_rollback(tool->db);
		printf("%lld visits with %lld events %s\n", (long long)purge->visits, (long long)purge->events,
		    keep ? "are meant by this rule: nothing was done" : "would go; --apply does it");
		return 0;
	}
	if ((err = ff_tx_commit(tool->db)) != FF_OK)
		return ff_tool_fail(tool, "purge", err, NULL);
	printf("%lld visits with %lld events went; to put them back: footfall purge --undo %lld\n", (long long)purge->visits,
	    (long long)purge->events, (long long)purge->purge_id);
	return 0;
}

static int
undo(struct ff_tool *tool, const char *text)
{
	struct ff_fault fault = { 0 };
	struct ff_purge purge;
	int64_t         id;
	enum ff_err     err;

	if (!ff_num_range(ff_str_from(text), 1, INT64_MAX, &id)) {
		fprintf(stderr, "footfall: --undo wants the number of a purge; see: footfall purge --list\n");
		return 2;
	}
	if ((err = ff_tx_begin(tool->db)) != FF_OK)
		return ff_tool_fail(tool, "purge", err, NULL);
	fprintf(stderr, "counting anew: the drain waits meanwhile\n");
	err = ff_purge_undo(tool->db, tool->arena, id, &purge, &fault);
	if (err == FF_OK)
		err = ff_audit_add(tool->db, tool->arena, FF_STR("operator"), "purge.undo", purge.site_id, ff_str_from(text));
	if (err == FF_NOT_FOUND || err == FF_CONFLICT) {
		ff_tx_rollback(tool->db);
		fprintf(stderr, "footfall: %s; see: footfall purge --list\n",
		    err == FF_NOT_FOUND ? "there is no such purge" : "that purge is undone already");
		return 1;
	}
	if (err != FF_OK)
		return fail(tool, err, &fault);
	if ((err = ff_tx_commit(tool->db)) != FF_OK)
		return ff_tool_fail(tool, "purge", err, NULL);
	printf("%lld visits with %lld events count again\n", (long long)purge.visits, (long long)purge.events);
	return 0;
}

int
ff_cmd_purge(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args       args;
	struct ff_fault      fault = { 0 };
	struct ff_site       site;
	struct ff_purge      purge = { 0 };
	struct ff_purge_rule rule;
	const char          *site_name, *text, *from, *to, *back;
	bool                 dry, keep, all;
	enum ff_err          err;

	ff_args_init(&args, "purge", argc, argv);
	site_name = ff_args_option(&args, "--site");
	text = ff_args_option(&args, "--rule");
	from = ff_args_option(&args, "--from");
	to = ff_args_option(&args, "--to");
	back = ff_args_option(&args, "--undo");
	dry = ff_args_flag(&args, "--dry-run");
	keep = ff_args_flag(&args, "--apply");
	all = ff_args_flag(&args, "--list");
	if (!ff_args_done(&args))
		return 2;
	if (all)
		return list(tool);
	if (back != NULL)
		return undo(tool, back);
	if (site_name == NULL || text == NULL || dry == keep) {
		fprintf(stderr, "footfall: purge wants --site, --rule, and either --dry-run or --apply\n"
		    "See: footfall help purge\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site_name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, site_name, err);
	if (ff_purge_rule_parse(tool->arena, ff_str_from(text), &rule, &fault) != FF_OK)
		return ff_tool_fail(tool, "purge", FF_INVALID, &fault);
	purge.site_id = site.site_id;
	purge.text = ff_str_from(text);
	return read_range(&site, tool->arena, from, to, &purge) ? apply(tool, &rule, &purge, keep) : 2;
}
