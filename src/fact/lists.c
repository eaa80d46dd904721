#include "fact/lists.h"

#include "base/num.h"
#include "store/db.h"

#include <stdio.h>

static const int windows[] = { 0, 1, 7, 30 };

struct job {
	struct ff_db              *db;
	struct ff_arena           *arena;
	const struct ff_conf      *conf;
	const struct ff_list_site *site;
	int                        days;
	struct ff_list_settings    settings;
};

struct ff_arg
ff_list_settings_arg(struct ff_arena *arena, const struct ff_list_settings *settings)
{
	const int64_t v[FF_LIST_SETTINGS] = { settings->unique, settings->min_visitors, settings->half_life_s,
		settings->past_days, settings->rise_percent, settings->together_days, settings->together_visitors,
		settings->together_items };

	return ff_arg_i64s(arena, v, FF_LIST_SETTINGS);
}

/* "{0,5,43200,...}": of an older version there may be fewer. */
static void
read_settings(struct ff_str text, struct ff_list_settings *out)
{
	int64_t       *const v[FF_LIST_SETTINGS] = { &out->unique, &out->min_visitors, &out->half_life_s, &out->past_days,
		      &out->rise_percent, &out->together_days, &out->together_visitors, &out->together_items };
	struct ff_str rest = ff_str_sub(text, 1, text.len > 2 ? text.len - 2 : 0);

	for (size_t i = 0; i < FF_LIST_SETTINGS && rest.p != NULL; i++)
		if (!ff_num_i64(ff_str_split(&rest, ','), v[i]))
			*v[i] = 0;
}

/* ---- making ---- */

static enum ff_err
count_day(const struct job *job, const struct ff_list_day *day)
{
	struct ff_rows rows;

	return ff_db_query(job->db, job->arena, FF_STMT_REACH_MAKE,
	    (struct ff_arg[]){ ff_arg_i64(job->arena, job->site->site_id), ff_arg_str(job->arena, job->site->zone_name),
	        ff_arg_day(job->arena, day->day), ff_arg_time(job->arena, day->from_us), ff_arg_time(job->arena, day->to_us),
	        ff_arg_bool(job->settings.unique) },
	    6, &rows);
}

static enum ff_err
count_people(const struct job *job)
{
	const struct ff_list_site *site = job->site;
	struct ff_list_day        *days;
	size_t                     n;

	FF_TRY(ff_list_days(job->db, job->arena, site, FF_LIST_REACH, &days, &n));
	for (size_t i = 0; i < n; i++)
		FF_TRY(count_day(job, &days[i]));
	FF_TRY(ff_db_exec(job->db, FF_STMT_REACH_FORGET,
	    (struct ff_arg[]){ ff_arg_i64(job->arena, site->site_id), ff_arg_day(job->arena, site->today - FF_REACH_DAYS) }, 2));
	return ff_list_site_done(job->db, job->arena, site, FF_LIST_REACH);
}

static enum ff_err
popular(struct job *job, struct ff_rows *rows)
{
	const struct ff_list_site *site = job->site;

	job->settings = (struct ff_list_settings){ .unique = 1 };
	return ff_db_query(job->db, job->arena, FF_STMT_LIST_POPULAR,
	    (struct ff_arg[]){ ff_arg_i64(job->arena, site->site_id), ff_arg_i64(job->arena, job->days),
	        ff_arg_time(job->arena, site->now_us - FF_US_DAY), ff_arg_day(job->arena, site->today - job->days) },
	    4, rows);
}

/* By hours for a day: their half-life is short enough for the time of day to matter. */
static enum ff_err
trending(struct job *job, struct ff_rows *rows)
{
	const struct ff_list_site *site = job->site;
	int64_t                    half = job->conf->list_half_life * job->days;
	int32_t first = ff_zone_day(site->zone, site->now_us - FF_TRENDING_HALVES * half * FF_US_S) - 1;

	job->settings.half_life_s = half;
	return ff_db_query(job->db, job->arena, FF_STMT_LIST_TRENDING,
	    (struct ff_arg[]){ ff_arg_i64(job->arena, site->site_id), ff_arg_str(job->arena, site->zone_name),
	        ff_arg_i64(job->arena, half), ff_arg_time(job->arena, site->now_us), ff_arg_day(job->arena, first),
	        ff_arg_bool(job->days == 1), ff_arg_i64(job->arena, job->settings.min_visitors) },
	    7, rows);
}

/* A day against four weeks, a week against eight, a month against three. */
static enum ff_err
rising(struct job *job, struct ff_rows *rows)
{
	const struct ff_list_site *site = job->site;
	char                       z[16];

	snprintf(z, sizeof z, "%.3f", FF_RISING_Z);
	job->settings.past_days = job->days == 1 ? 28 : job->days == 7 ? 56 : 90;
	job->settings.rise_percent = job->conf->list_rise;
	return ff_db_query(job->db, job->arena, FF_STMT_LIST_RISING,
	    (struct ff_arg[]){ ff_arg_i64(job->arena, site->site_id), ff_arg_str(job->arena, site->zone_name),
	        ff_arg_i64(job->arena, job->days), ff_arg_time(job->arena, site->now_us), ff_arg_day(job->arena, site->today),
	        ff_arg_i64(job->arena, job->settings.past_days), ff_arg_i64(job->arena, job->settings.min_visitors), ff_arg_z(z),
	        ff_arg_i64(job->arena, job->settings.rise_percent) },
	    9, rows);
}

static struct ff_arg
column(const struct job *job, const struct ff_rows *rows, int at)
{
	struct ff_str *v = FF_NEW_N(job->arena, (size_t)rows->n + 1, struct ff_str);

	for (int i = 0; i < rows->n; i++)
		v[i] = ff_row_str(rows, i, at);
	return ff_arg_strs(job->arena, v, (size_t)rows->n);
}

static enum ff_err
save(const struct job *job, enum ff_list list, const struct ff_rows *rows)
{
	struct ff_arg args[] = { ff_arg_i64(job->arena, job->site->site_id), ff_arg_i64(job->arena, list),
		ff_arg_i64(job->arena, job->days), column(job, rows, 0), column(job, rows, 1), column(job, rows, 2),
		column(job, rows, 3), column(job, rows, 4), column(job, rows, 5), ff_arg_time(job->arena, job->site->now_us),
		ff_list_settings_arg(job->arena, &job->settings) };
	struct ff_rows saved;

	return ff_db_query(job->db, job->arena, FF_STMT_LIST_SAVE, args, sizeof args / sizeof *args, &saved);
}

static enum ff_err
make(struct job *job, enum ff_list list, enum ff_err (*fn)(struct job *, struct ff_rows *), int64_t *listed)
{
	struct ff_list_settings given = job->settings;
	struct ff_rows          rows;

	FF_TRY(fn(job, &rows));
	FF_TRY(save(job, list, &rows));
	job->settings = given;
	*listed += rows.n;
	return FF_OK;
}

enum ff_err
ff_lists_make(struct ff_db *db, struct ff_arena *arena, const struct ff_conf *conf, const struct ff_list_site *site,
    int64_t *listed)
{
	struct job job = { .db = db, .arena = arena, .conf = conf, .site = site,
		.settings = { .unique = site->unique, .min_visitors = conf->list_visitors } };

	*listed = 0;
	FF_TRY(count_people(&job));
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
		job.days = windows[i];
		FF_TRY(make(&job, FF_LIST_POPULAR, popular, listed));
		if (job.days == 0)
			continue;
		FF_TRY(make(&job, FF_LIST_TRENDING, trending, listed));
		FF_TRY(make(&job, FF_LIST_RISING, rising, listed));
	}
	return FF_OK;
}

/* ---- reading ---- */

enum ff_err
ff_list_head(struct ff_db *db, struct ff_arena *arena, int32_t site_id, enum ff_list list, int days, struct ff_listing *out)
{
	struct ff_rows rows;

	*out = (struct ff_listing){ 0 };
	FF_TRY(ff_db_query(db, arena, FF_STMT_LIST_MADE,
	    (struct ff_arg[]){ ff_arg_i64(arena, site_id), ff_arg_i64(arena, list), ff_arg_i64(arena, days) }, 3, &rows));
	if (rows.n == 0)
		return FF_OK;
	out->made_us = ff_row_us(&rows, 0, 0);
	read_settings(ff_row_str(&rows, 0, 1), &out->settings);
	return FF_OK;
}

void
ff_list_row(const struct ff_rows *rows, int row, struct ff_listed *out)
{
	out->item = (struct ff_item){ .kind = ff_row_str(rows, row, 0), .key = ff_row_str(rows, row, 1),
		.title = ff_row_str(rows, row, 2), .url = ff_row_str(rows, row, 3), .owner = ff_row_str(rows, row, 4),
		.collection = ff_row_str(rows, row, 5) };
	out->score = ff_row_double(rows, row, 6);
	out->visitors = ff_row_i64(rows, row, 7);
}

enum ff_err
ff_lists_read(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_list_ask *ask,
    struct ff_listing *out)
{
	struct ff_arg args[] = { ff_arg_i64(arena, site_id), ff_arg_i64(arena, ask->list), ff_arg_i64(arena, ask->days),
		ff_arg_str(arena, ask->kind), ff_arg_str(arena, ask->owner), ff_arg_str(arena, ask->collection),
		ff_arg_i64(arena, ask->limit) };
	struct ff_rows rows;

	FF_TRY(ff_list_head(db, arena, site_id, ask->list, ask->days, out));
	FF_TRY(ff_db_query(db, arena, FF_STMT_LIST_READ, args, 7, &rows));
	out->v = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_listed);
	out->n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++) {
		ff_list_row(&rows, i, &out->v[i]);
		out->v[i].views = ff_row_i64(&rows, i, 8);
		out->v[i].baseline = ff_row_double(&rows, i, 9);
		out->v[i].exposure = ff_row_double(&rows, i, 10);
	}
	return FF_OK;
}
