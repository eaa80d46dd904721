#include "room/collect/field.h"

#include "base/limits.h"
#include "room/collect/beacon.h"
#include "room/collect/props.h"
#include "wire/url.h"

#include <inttypes.h>

const char *const ff_view_types[] = { "intentional", "listing", "search", "widget", "embed", NULL };
const char *const ff_view_sources[] = { "web", "api", "player", "feed", "app", NULL };

const struct ff_json *
ff_field_find(const struct ff_fields *fields, const char *brief, const char *name)
{
	const struct ff_json *node = NULL;

	if (brief)
		node = ff_json_get(fields->object, brief);
	if (ff_json_type(node) == FF_JSON_NULL)
		node = ff_json_get(fields->object, name);
	return ff_json_type(node) == FF_JSON_NULL ? NULL : node;
}

enum ff_err
ff_field_bad(const struct ff_fields *fields, const char *name, const char *why)
{
	return ff_fault_set(fields->fault, FF_INVALID,
	    ff_str_z(fields->arena, ff_str_printf(fields->arena, "%s%s", fields->prefix, name)), "%s", why);
}

static enum ff_err
bounded(const struct ff_fields *fields, const char *name, struct ff_str text, size_t max, struct ff_str *out)
{
	if (text.len > max)
		return ff_field_bad(fields, name,
		    ff_str_z(fields->arena, ff_str_printf(fields->arena, "is longer than %zu bytes", max)));
	*out = text;
	return FF_OK;
}

enum ff_err
ff_field_text(const struct ff_fields *fields, const char *brief, const char *name, size_t max, struct ff_str *out)
{
	const struct ff_json *node = ff_field_find(fields, brief, name);

	if (!node)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_STRING)
		return ff_field_bad(fields, name, "is not a string");
	return bounded(fields, name, ff_json_str(node), max, out);
}

enum ff_err
ff_field_id(const struct ff_fields *fields, const char *brief, const char *name, size_t max, struct ff_str *out)
{
	const struct ff_json *node = ff_field_find(fields, brief, name);
	int64_t               number;

	if (node && ff_json_i64(node, &number))
		return bounded(fields, name, ff_str_printf(fields->arena, "%" PRId64, number), max, out);
	if (node && ff_json_type(node) != FF_JSON_STRING)
		return ff_field_bad(fields, name, "is neither a string nor a whole number");
	return ff_field_text(fields, brief, name, max, out);
}

enum ff_err
ff_field_bool(const struct ff_fields *fields, const char *brief, const char *name, bool *out)
{
	const struct ff_json *node = ff_field_find(fields, brief, name);

	if (!node)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_BOOL)
		return ff_field_bad(fields, name, "is neither true nor false");
	*out = ff_json_bool(node);
	return FF_OK;
}

enum ff_err
ff_field_uuid(const struct ff_fields *fields, const char *name, struct ff_uuid *out, bool *given)
{
	struct ff_str text = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, name, 64, &text));
	if (!text.p)
		return FF_OK;
	if (!ff_uuid_parse(text, out) || ff_uuid_is_nil(out))
		return ff_field_bad(fields, name, "is not a UUID");
	*given = true;
	return FF_OK;
}

enum ff_err
ff_field_whole(const struct ff_fields *fields, const char *name, int64_t min, int64_t max, int64_t *out)
{
	const struct ff_json *node = ff_field_find(fields, NULL, name);
	int64_t               number;

	if (!node)
		return FF_OK;
	if (!ff_json_i64(node, &number) || number < min || number > max)
		return ff_field_bad(fields, name, ff_str_z(fields->arena,
		    ff_str_printf(fields->arena, "is not a whole number from %" PRId64 " to %" PRId64, min, max)));
	*out = number;
	return FF_OK;
}

enum ff_err
ff_field_micros(const struct ff_fields *fields, const char *name, int64_t *out, bool *given)
{
	const struct ff_json *node = ff_field_find(fields, NULL, name);

	if (!node)
		return FF_OK;
	if (!ff_micros_read(node, out))
		return ff_field_bad(fields, name, "is not a number within 9e12");
	*given = true;
	return FF_OK;
}

enum ff_err
ff_field_word(const struct ff_fields *fields, const char *name, const char *const *words, uint8_t *out)
{
	struct ff_str text = FF_STR_NONE, list = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, name, 64, &text));
	if (!text.p)
		return FF_OK;
	for (uint8_t i = 0; words[i]; i++) {
		if (ff_str_eqz(text, words[i])) {
			*out = (uint8_t)(i + 1);
			return FF_OK;
		}
		list = ff_str_printf(fields->arena, "%.*s%s%s", FF_STR_ARG(list), i ? ", " : "is none of ", words[i]);
	}
	return ff_field_bad(fields, name, ff_str_z(fields->arena, list));
}

enum ff_err
ff_field_link(const struct ff_fields *fields, const char *name, struct ff_str *out)
{
	struct ff_str text = FF_STR_NONE;
	struct ff_url url;

	FF_TRY(ff_field_text(fields, NULL, name, FF_URL_MAX, &text));
	if (text.len == 0)
		return FF_OK;
	if (ff_url_parse(fields->arena, text, &url) != FF_OK || !ff_str_starts(url.scheme, FF_STR("http")))
		return ff_field_bad(fields, name, "is not an http or https URL");
	*out = text;
	return FF_OK;
}

enum ff_err
ff_field_item(const struct ff_fields *fields, struct ff_item *out)
{
	const struct ff_json  *node = ff_field_find(fields, NULL, "item");
	const struct ff_fields item = { fields->arena, node, "item.", fields->fault };

	if (!node)
		return FF_OK;
	if (ff_json_type(node) != FF_JSON_OBJECT)
		return ff_field_bad(fields, "item", "is not an object");
	FF_TRY(ff_field_text(&item, NULL, "kind", FF_ITEM_KIND_MAX, &out->kind));
	FF_TRY(ff_field_id(&item, NULL, "id", FF_ITEM_KEY_MAX, &out->key));
	FF_TRY(ff_field_text(&item, NULL, "title", FF_ITEM_TITLE_MAX, &out->title));
	FF_TRY(ff_field_link(&item, "url", &out->url));
	FF_TRY(ff_field_id(&item, NULL, "owner", FF_ITEM_OWNER_MAX, &out->owner));
	FF_TRY(ff_field_id(&item, NULL, "collection", FF_ITEM_COLLECTION_MAX, &out->collection));
	return out->key.len == 0 ? ff_field_bad(&item, "id", "is required") : FF_OK;
}

/* Screen sizes and touch points are hints: what is not plausible is unknown, not wrong. */
static unsigned
hint(const struct ff_fields *fields, const char *brief, const char *name)
{
	int64_t number;

	if (ff_json_i64(ff_field_find(fields, brief, name), &number) && number > 0 && number <= INT16_MAX)
		return (unsigned)number;
	return 0;
}

/* In which bounds it must lie is asked where the caller is known, for all dialects together. */
static enum ff_err
read_time(const struct ff_fields *fields, int64_t *out)
{
	struct ff_str text = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, "timestamp", 64, &text));
	if (text.p && !ff_time_parse(text, out))
		return ff_field_bad(fields, "timestamp", "is not a time of RFC 3339, like 2026-11-21T16:12:42Z");
	return FF_OK;
}

/* Whether the caller may say this is asked where the site is known. */
static enum ff_err
read_told(const struct ff_fields *fields, struct ff_told *told)
{
	struct ff_str addr = FF_STR_NONE;

	FF_TRY(read_time(fields, &told->ts_us));
	FF_TRY(ff_field_text(fields, NULL, "client_ip", 64, &addr));
	FF_TRY(ff_field_text(fields, NULL, "user_agent", FF_BEACON_MAX, &told->user_agent));
	if (addr.p && !ff_addr_parse(addr, &told->addr))
		return ff_field_bad(fields, "client_ip", "is not an IP address");
	told->has_addr = addr.p != NULL;
	told->any = told->ts_us != 0 || told->has_addr || told->user_agent.p != NULL;
	return FF_OK;
}

enum ff_err
ff_field_extensions(const struct ff_fields *fields, struct ff_beacon *beacon)
{
	struct ff_event *event = &beacon->event;
	bool             given = false;
	int64_t          position = 0;

	FF_TRY(ff_field_uuid(fields, "event_id", &event->event_id, &given));
	if (given)
		event->flags |= FF_FLAG_CLIENT_ID;
	FF_TRY(ff_field_item(fields, &event->item));
	FF_TRY(ff_field_word(fields, "view_type", ff_view_types, &event->view_type));
	FF_TRY(ff_field_word(fields, "view_source", ff_view_sources, &event->view_source));
	FF_TRY(ff_field_text(fields, NULL, "list", FF_LIST_MAX, &event->list));
	FF_TRY(ff_field_whole(fields, "position", 1, INT16_MAX, &position));
	event->position = (uint16_t)position;
	FF_TRY(ff_field_text(fields, NULL, "token", FF_BEACON_MAX, &beacon->token));
	beacon->screen = hint(fields, "w", "screen");
	beacon->touch = hint(fields, NULL, "touch");
	return read_told(fields, &beacon->told);
}
