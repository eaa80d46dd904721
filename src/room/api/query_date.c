/* query_date.c - date_range of a query, and the step that "time" alone stands for. */
#include "base/day.h"
#include "base/num.h"
#include "room/api/query.h"

static enum ff_err
refuse(struct ff_arena *arena, const struct ff_json *node, struct ff_fault *fault)
{
	return FF_REFUSE(fault, "#/date_range: Invalid date range %.*s", FF_STR_ARG(ff_api_inspect(arena, node)));
}

/* Instants: the second that is named last belongs to the range where it is the last of its minute, as "23:59:59" is
 * meant; a full hour as the end means up to it. */
static bool
instants_read(struct ff_str from, struct ff_str to, struct ff_range *out)
{
	*out = (struct ff_range){ 0 };
	if (!ff_time_parse(from, &out->from_us) || !ff_time_parse(to, &out->to_us))
		return false;
	if (out->to_us / FF_US_S % 60 == 59)
		out->to_us = (out->to_us / FF_US_S + 1) * FF_US_S;
	return out->from_us < out->to_us;
}

bool
ff_api_days_read(const struct ff_json *pair, struct ff_range *out)
{
	const struct ff_json *first = ff_json_first(pair), *last = ff_json_next(first);

	*out = (struct ff_range){ 0 };
	return ff_json_type(pair) == FF_JSON_ARRAY && ff_json_count(pair) == 2 &&
	       ff_day_parse(ff_json_str(first), &out->first) && ff_day_parse(ff_json_str(last), &out->last) &&
	       out->first <= out->last;
}

/* "2021-02-03T00:00:00": the zone is missing. */
static bool
lacks_zone(struct ff_arena *arena, struct ff_str text)
{
	int64_t us;

	return ff_time_parse(ff_str_printf(arena, "%.*sZ", FF_STR_ARG(text)), &us);
}

static enum ff_err
read_pair(struct ff_arena *arena, const struct ff_json *node, struct ff_range *out, struct ff_fault *fault)
{
	struct ff_str from = ff_json_str(ff_json_first(node)), to = ff_json_str(ff_json_next(ff_json_first(node)));

	if (ff_json_count(node) == 2 && (ff_api_days_read(node, out) || instants_read(from, to, out)))
		return FF_OK;
	if (ff_json_count(node) == 2 && lacks_zone(arena, from) && lacks_zone(arena, to))
		return FF_REFUSE(fault, "Invalid date_range '%.*s'.", FF_STR_ARG(ff_api_inspect(arena, node)));
	return refuse(arena, node, fault);
}

/* "5001d", "0mo": of the right shape, but out of bounds. */
static bool
is_count(struct ff_str word)
{
	size_t tail = ff_str_ends(word, FF_STR("mo")) ? 2 : ff_str_ends(word, FF_STR("d")) ? 1 : word.len;

	for (size_t i = 0; i + tail < word.len; i++)
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
	return word.len > tail;
}

static enum ff_err
read_word(struct ff_arena *arena, const struct ff_json *node, struct ff_api_query *out, struct ff_fault *fault)
{
	struct ff_str word = ff_json_str(node);
	int32_t       today = ff_zone_day(out->zone, out->q.now_us);

	if (ff_str_eqz(word, "24h")) {
		out->q.range = ff_range_hours(out->zone, out->q.now_us, 24);
		return FF_OK;
	}
	out->all_time = ff_str_eqz(word, "all");
	if (ff_str_find_char(word, ',') == word.len && ff_range_parse(word, today, today, &out->q.range) == FF_OK)
		return FF_OK; /* pairs are lists here */
	if (is_count(word))
		return FF_REFUSE(fault, "Invalid date_range %.*s", FF_STR_ARG(ff_api_inspect(arena, node)));
	return refuse(arena, node, fault);
}

enum ff_err
ff_api_dates_read(struct ff_arena *arena, const struct ff_json *node, struct ff_api_query *out, struct ff_fault *fault)
{
	if (ff_json_type(node) == FF_JSON_ARRAY)
		return read_pair(arena, node, &out->q.range, fault);
	return read_word(arena, node, out, fault);
}

/* Plausible's steps: hours up to two days, days up to forty and one, weeks up to a year, months beyond. */
static enum ff_grain
grain_of(int64_t us)
{
	int64_t hours = (us - 1) / FF_US_HOUR;

	return hours <= 48 ? FF_GRAIN_HOUR : hours / 24 <= 40 ? FF_GRAIN_DAY : hours / 24 / 7 <= 52 ? FF_GRAIN_WEEK
												 : FF_GRAIN_MONTH;
}

void
ff_api_time_steps(struct ff_api_query *query)
{
	static const struct ff_str names[] = { [FF_GRAIN_HOUR] = FF_STR_INIT("time:hour"),
		[FF_GRAIN_DAY] = FF_STR_INIT("time:day"), [FF_GRAIN_WEEK] = FF_STR_INIT("time:week"),
		[FF_GRAIN_MONTH] = FF_STR_INIT("time:month") };
	struct ff_api_dim *time = &query->dims[query->time_dim < 0 ? 0 : query->time_dim];
	int64_t            from_us, to_us;

	if (query->time_dim < 0)
		return;
	ff_range_instants(query->zone, &query->q.range, &from_us, &to_us);
	if (time->dim.grain == FF_GRAIN_NONE)
		time->dim.grain = grain_of(to_us - from_us);
	time->name = names[time->dim.grain];
}
