#include "fact/item_stats.h"

#include "base/day.h"
#include "fact/referrer.h"
#include "store/db.h"

/* Dimensions of content_day_by by their numbers in fact/dim.h, in the order of enum ff_item_by. */
static const struct {
	const char *name;
	int64_t     dim;
	bool        text; /* values are labels */
} kept[FF_BY_COUNT] = {
	[FF_BY_COUNTRY] = { "byCountry", 6, true },
	[FF_BY_DEVICE] = { "byDevice", 7, false },
	[FF_BY_REFERRER] = { "byReferrer", 3, true },
	[FF_BY_CHANNEL] = { "byChannel", 4, false },
	[FF_BY_TYPE] = { "byType", 32, false },
	[FF_BY_SOURCE] = { "bySource", 33, false },
};

const char *
ff_item_by_name(enum ff_item_by by)
{
	return kept[by].name;
}

/* The words of the events' fields view_type and view_source. */
static const char *const type_names[] = { "", "intentional", "listing", "search", "widget", "embed" };
static const char *const source_names[] = { "", "web", "api", "player", "feed", "app" };

static struct ff_str
number_name(enum ff_item_by by, int64_t number)
{
	size_t n = (size_t)number;

	switch (by) {
	case FF_BY_DEVICE:
		return ff_str_from(n <= FF_DEVICE_BOT ? ff_device_name((enum ff_device)n) : "");
	case FF_BY_CHANNEL:
		return ff_str_from(n <= FF_CHANNEL_NEWS ? ff_channel_name((enum ff_channel)n) : "");
	case FF_BY_TYPE:
		return ff_str_from(n < sizeof type_names / sizeof *type_names ? type_names[n] : "");
	default:
		return ff_str_from(n < sizeof source_names / sizeof *source_names ? source_names[n] : "");
	}
}

static enum ff_err
find(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_str kind, struct ff_str key,
    struct ff_item_stats *out)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site->site_id), ff_arg_str(arena, kind), ff_arg_str(arena, key) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ITEMSTAT_FIND, args, 3, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	out->content_id = ff_row_i64(&rows, 0, 0);
	out->item = (struct ff_item){ .kind = kind, .key = key, .title = ff_row_str(&rows, 0, 1),
		.url = ff_row_str(&rows, 0, 2), .owner = ff_row_str(&rows, 0, 3), .collection = ff_row_str(&rows, 0, 4) };
	out->is_private = ff_row_bool(&rows, 0, 5);
	out->published_us = ff_row_null(&rows, 0, 6) ? 0 : ff_row_us(&rows, 0, 6);
	out->removed = ff_row_bool(&rows, 0, 7);
	return FF_OK;
}

static struct ff_item_figures
read_figures(const struct ff_rows *rows, int row)
{
	int64_t v[12];

	for (int i = 0; i < 12; i++)
		v[i] = ff_row_i64(rows, row, 2 + i);
	return (struct ff_item_figures){ v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11] };
}

static void
add_figures(struct ff_item_figures *to, const struct ff_item_figures *more)
{
	to->engaged_ms += more->engaged_ms;
	to->impressions += more->impressions;
	to->clicks += more->clicks;
	to->plays += more->plays;
	to->completions += more->completions;
	to->reactions += more->reactions;
	to->comments += more->comments;
	to->shares += more->shares;
	to->follows += more->follows;
}

/* Events may be two days ahead of our clock (drain.h). */
static enum ff_err
totals(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int32_t today, struct ff_item_stats *out)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site->site_id), ff_arg_i64(arena, out->content_id),
	     ff_arg_day(arena, today + 2) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ITEMSTAT_TOTALS, args, 3, &rows));
	out->first_day = today;
	for (int i = 0; i < rows.n; i++) {
		struct ff_item_figures *part = ff_row_bool(&rows, i, 0) ? &out->authenticated : &out->anonymous;

		*part = read_figures(&rows, i);
		add_figures(&out->all, part);
		if (ff_row_day(&rows, i, 1) < out->first_day)
			out->first_day = ff_row_day(&rows, i, 1);
	}
	out->all.views = out->counts.total;
	out->all.uniques = out->counts.unique.total;
	out->all.qualified = out->counts.qualified.total;
	return FF_OK;
}

static enum ff_err
trend(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int32_t today, struct ff_item_stats *out)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site->site_id), ff_arg_i64(arena, out->content_id),
	     ff_arg_day(arena, today - FF_TREND_DAYS + 1), ff_arg_day(arena, today) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ITEMSTAT_TREND, args, 4, &rows));
	for (int i = 0; i < rows.n && i < FF_TREND_DAYS; i++)
		out->trend[i] = (struct ff_item_day){ ff_row_day(&rows, i, 0), ff_row_i64(&rows, i, 1),
			ff_row_i64(&rows, i, 2), ff_row_i64(&rows, i, 3) };
	return FF_OK;
}

static struct ff_item_value
read_value(const struct ff_rows *rows, int row, enum ff_item_by by)
{
	struct ff_item_value value = { .views = ff_row_i64(rows, row, 3), .uniques = ff_row_i64(rows, row, 4),
		.n = ff_row_i64(rows, row, 5) };

	if (!ff_row_null(rows, row, 1))
		value.value = kept[by].text ? ff_row_str(rows, row, 2) : number_name(by, ff_row_i64(rows, row, 1));
	if (value.value.p == NULL && !ff_row_null(rows, row, 1))
		value.value = FF_STR("");
	return value;
}

static enum ff_err
breakdowns(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_item_stats *out)
{
	int64_t        texts[FF_BY_COUNT];
	size_t         n_texts = 0;
	struct ff_arg  args[3];
	struct ff_rows rows;

	for (size_t by = 0; by < FF_BY_COUNT; by++)
		if (kept[by].text)
			texts[n_texts++] = kept[by].dim;
	args[0] = ff_arg_i64(arena, site->site_id);
	args[1] = ff_arg_i64(arena, out->content_id);
	args[2] = ff_arg_i64s(arena, texts, n_texts);
	FF_TRY(ff_db_query(db, arena, FF_STMT_ITEMSTAT_BY, args, 3, &rows));
	for (size_t by = 0; by < FF_BY_COUNT; by++) {
		out->by[by].v = FF_NEW_N(arena, (size_t)rows.n + 1, struct ff_item_value);
		for (int i = 0; i < rows.n; i++)
			if (ff_row_i64(&rows, i, 0) == kept[by].dim)
				out->by[by].v[out->by[by].n++] = read_value(&rows, i, (enum ff_item_by)by);
	}
	return FF_OK;
}

static enum ff_err
curve(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_item_stats *out)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site->site_id), ff_arg_i64(arena, out->content_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_ITEMSTAT_WATCHED, args, 2, &rows));
	if (rows.n != FF_CURVE_PARTS)
		return FF_OK;
	out->curve.windows = ff_row_i64(&rows, 0, 2);
	out->curve.from = ff_row_day(&rows, 0, 3);
	out->curve.to = ff_row_day(&rows, 0, 4);
	for (int i = 0; i < FF_CURVE_PARTS; i++)
		out->curve.seen[i] = ff_row_i64(&rows, i, 1);
	return FF_OK;
}

enum ff_err
ff_item_stats_get(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    struct ff_str kind, struct ff_str key, struct ff_item_stats *out)
{
	struct ff_site_item   item = { site->site_id, kind, key };
	const struct ff_zone *zone;
	int32_t               today;

	*out = (struct ff_item_stats){ 0 };
	FF_TRY(ff_zone_find(ff_str_z(arena, site->time_zone), &zone));
	today = ff_zone_day(zone, now_us);
	FF_TRY(find(db, arena, site, kind, key, out));
	FF_TRY(ff_counts_get(db, arena, site, now_us, &item, 1, &out->counts));
	FF_TRY(totals(db, arena, site, today, out));
	FF_TRY(trend(db, arena, site, today, out));
	FF_TRY(breakdowns(db, arena, site, out));
	return curve(db, arena, site, out);
}
