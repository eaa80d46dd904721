/* Matomo's media parameters (ma_*): how far a video or a sound was played. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "room/collect/matomo.h"
#include "safe/hash.h"

/* Their players name the segments that were played by their starts, in steps of so many seconds. */
#define STEP_S 15
#define STEP_LONG_S 30
#define LONG_S 300

/* Seconds as milliseconds; 0 where it is no number of seconds up to a week. */
static uint32_t
milliseconds(struct ff_str text)
{
	int64_t micros;

	if (!ff_reading_micros(text, &micros) || micros < 0 || micros > INT64_C(604800) * 1000000)
		return 0;
	return (uint32_t)(micros / 1000);
}

/* A medium without an id is known by its address; a long one by as much of it as fits, and a hash of all. */
static struct ff_str
media_key(const struct ff_reading *reading, struct ff_str resource)
{
	uint8_t hash[16];
	char    hex[33];

	if (resource.len <= FF_ITEM_KEY_MAX)
		return resource;
	ff_hash(hash, sizeof(hash), NULL, &resource, 1);
	ff_hex(hash, sizeof(hash), hex);
	resource = ff_utf8_cut(resource, FF_ITEM_KEY_MAX - 33);
	return ff_str_printf(reading->arena, "%.*s~%s", FF_STR_ARG(resource), hex);
}

static enum ff_err
read_item(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_item *item)
{
	struct ff_str resource = ff_matomo_get(pairs, "ma_re"), title = ff_matomo_get(pairs, "ma_ti");
	struct ff_str type = ff_matomo_get(pairs, "ma_mt");

	if (resource.len == 0)
		resource = title;
	if (resource.len == 0)
		return ff_reading_bad(reading, "ma_re", "or ma_ti must be set");
	item->kind = type.len > 0 ? ff_utf8_cut(type, FF_ITEM_KIND_MAX) : FF_STR("video");
	item->key = media_key(reading, resource);
	item->title = ff_utf8_cut(title, FF_ITEM_TITLE_MAX);
	if (ff_str_starts(resource, FF_STR("http")) && resource.len <= FF_URL_MAX)
		item->url = resource;
	return FF_OK;
}

static void
mark_segment(struct ff_event *event, uint64_t from_ms, uint64_t to_ms)
{
	uint64_t length = event->media_length_ms;

	if (to_ms > length)
		to_ms = length;
	/* A hundredth counts when it was played to its end. */
	for (uint64_t i = (from_ms * 100 + length - 1) / length; i < 100 && (i + 1) * length <= to_ms * 100; i++)
		event->watched[i / 8] |= (uint8_t)(1u << (i % 8));
}

/* "0,15,30" */
static void
read_segments(struct ff_str list, struct ff_event *event)
{
	uint64_t step = (event->media_length_ms >= LONG_S * 1000 ? STEP_LONG_S : STEP_S) * UINT64_C(1000);
	uint64_t from = 0, to = 0;

	while (list.p && event->media_length_ms > 0) {
		struct ff_str part = ff_str_trim(ff_str_split(&list, ','));
		int64_t       seconds;

		if (!ff_num_range(part, 0, 604800, &seconds))
			continue;
		if ((uint64_t)seconds * 1000 != to) { /* neighbours are one stretch */
			mark_segment(event, from, to);
			from = (uint64_t)seconds * 1000;
		}
		to = (uint64_t)seconds * 1000 + step;
	}
	if (to > from)
		mark_segment(event, from, to);
}

enum ff_err
ff_matomo_media(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_beacon *beacon)
{
	struct ff_event *event = &beacon->event;
	uint32_t         played = milliseconds(ff_matomo_get(pairs, "ma_st"));

	FF_TRY(read_item(reading, pairs, &event->item));
	event->kind = FF_KIND_MEDIA;
	event->flags |= FF_FLAG_NON_INTERACTIVE;
	event->view_source = FF_SOURCE_PLAYER;
	event->media_length_ms = milliseconds(ff_matomo_get(pairs, "ma_le"));
	event->media_position_ms = milliseconds(ff_matomo_get(pairs, "ma_ps"));
	/* ma_st is the time played since the first one, told again each time: a measure, not a part to be added up. */
	if (ff_reading_micros(ff_matomo_get(pairs, "ma_st"), &event->measure_micros))
		event->flags |= FF_FLAG_MEASURE;
	read_segments(ff_matomo_get(pairs, "ma_se"), event);
	event->name = FF_STR("progress");
	if (played == 0)
		event->name = FF_STR("play");
	else if (event->media_length_ms > 0 && event->media_position_ms >= event->media_length_ms)
		event->name = FF_STR("ended");
	return FF_OK;
}
