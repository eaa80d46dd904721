/* What was seen or heard of something: attention to a page, progress of a medium. Part of kinds.h. */
#include "base/num.h"
#include "room/collect/kinds.h"

/* Longer engagement is a broken clock, and the table's column is an int. */
#define ENGAGED_LIMIT_MS (INT64_C(30) * 86400 * 1000)
/* A hundred numbers and their commas are no more. */
#define WATCHED_TEXT_MAX 600

/* A whole number, also as text: the newest clients send both. */
static bool
read_whole(const struct ff_json *node, int64_t *out)
{
	double number;

	if (ff_json_type(node) == FF_JSON_STRING)
		return ff_num_i64(ff_str_trim(ff_json_str(node)), out);
	if (ff_json_type(node) != FF_JSON_NUMBER)
		return false;
	number = ff_json_double(node);
	if (!(number > -9e15 && number < 9e15))
		return false;
	*out = (int64_t)number;
	return true;
}

void
ff_engagement_read(const struct ff_fields *fields, struct ff_event *event, bool *any)
{
	int64_t scroll = -1, engaged = -1;

	if (read_whole(ff_field_find(fields, "sd", "scrollDepth"), &scroll) && scroll >= 0) {
		event->scroll = (uint8_t)(scroll > 100 ? 100 : scroll);
		*any = true;
	}
	if (read_whole(ff_field_find(fields, "e", "engagementTime"), &engaged) && engaged >= 0 &&
	    engaged < ENGAGED_LIMIT_MS) {
		event->engaged_ms = (uint32_t)(engaged > INT32_MAX ? INT32_MAX : engaged);
		*any = true;
	}
}

bool
ff_watched_parse(struct ff_str text, uint8_t watched[FF_WATCHED_BYTES])
{
	while (text.p) {
		struct ff_str last = ff_str_split(&text, ','), first = ff_str_split(&last, '-');
		uint64_t      from, to;

		if (!ff_num_u64(first, &from) || (last.p && !ff_num_u64(last, &to)))
			return false;
		if (!last.p)
			to = from;
		if (from > to || to > 99)
			return false;
		for (; from <= to; from++)
			watched[from / 8] |= (uint8_t)(1u << from % 8);
	}
	return true;
}

enum ff_err
ff_media_read(const struct ff_fields *fields, struct ff_event *event)
{
	const struct ff_json  *node = ff_field_find(fields, NULL, "media");
	const struct ff_fields media = { fields->arena, node, "media.", fields->fault };
	struct ff_str          watched = FF_STR_NONE;
	int64_t                length = 0, position = 0;

	if (!node)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_OBJECT)
		return ff_field_bad(fields, "media", "is not an object");
	FF_TRY(ff_field_whole(&media, "length", 0, INT32_MAX, &length));
	FF_TRY(ff_field_whole(&media, "position", 0, INT32_MAX, &position));
	FF_TRY(ff_field_text(&media, NULL, "watched", WATCHED_TEXT_MAX, &watched));
	event->media_length_ms = (uint32_t)length;
	event->media_position_ms = (uint32_t)position;
	if (watched.len > 0 && !ff_watched_parse(watched, event->watched))
		return ff_field_bad(&media, "watched", "is no list of ranges within 0 to 99, like \"0-12,30,55-99\"");
	return FF_OK;
}
