#include "room/collect/umami.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "wire/url.h"

#include <math.h>

/* Their limits, in characters. */
#define HOSTNAME_MAX 100
#define LANGUAGE_MAX 35
#define SCREEN_MAX 11
#define NAME_MAX_THEIRS 50
#define TAG_MAX 50

struct payload {
	struct ff_str site, hostname, language, screen, name, tag, url, referrer, title;
	struct ff_str ip, agent, browser, os, device;
	bool          link, pixel;
};

static enum ff_err
text(const struct ff_fields *fields, const char *name, size_t characters, struct ff_str *out)
{
	FF_TRY(ff_field_text(fields, NULL, name, FF_BATCH_MAX, out));
	if (ff_utf8_characters(*out) <= characters)
		return FF_OK;
	return ff_field_bad(fields, name,
	    ff_str_z(fields->arena, ff_str_printf(fields->arena, "is longer than %zu characters", characters)));
}

/* Exactly one of website, link and pixel: each is the public id of a site here. */
static enum ff_err
read_site(const struct ff_fields *fields, struct payload *payload)
{
	static const char *const names[] = { "website", "link", "pixel" };
	struct ff_uuid           id;
	char                    *printed = ff_alloc(fields->arena, 37);
	int                      given = 0;

	for (int i = 0; i < 3; i++) {
		bool here = false;

		FF_TRY(ff_field_uuid(fields, names[i], &id, &here));
		given += here;
		payload->link |= here && i == 1;
		payload->pixel |= here && i == 2;
	}
	if (given != 1)
		return ff_field_bad(fields, "website", "or link or pixel is required, and only one of them");
	ff_uuid_print(&id, printed);
	payload->site = ff_str_from(printed);
	return FF_OK;
}

static enum ff_err
read_texts(const struct ff_fields *fields, struct payload *payload)
{
	FF_TRY(text(fields, "hostname", HOSTNAME_MAX, &payload->hostname));
	FF_TRY(text(fields, "language", LANGUAGE_MAX, &payload->language));
	FF_TRY(text(fields, "screen", SCREEN_MAX, &payload->screen));
	FF_TRY(text(fields, "name", NAME_MAX_THEIRS, &payload->name));
	FF_TRY(text(fields, "tag", TAG_MAX, &payload->tag));
	FF_TRY(ff_field_text(fields, NULL, "url", FF_URL_MAX, &payload->url));
	FF_TRY(text(fields, "referrer", FF_BATCH_MAX, &payload->referrer));
	FF_TRY(text(fields, "title", FF_BATCH_MAX, &payload->title));
	FF_TRY(text(fields, "ip", FF_BATCH_MAX, &payload->ip));
	FF_TRY(text(fields, "userAgent", FF_BATCH_MAX, &payload->agent));
	FF_TRY(text(fields, "browser", FF_BATCH_MAX, &payload->browser));
	FF_TRY(text(fields, "os", FF_BATCH_MAX, &payload->os));
	return text(fields, "device", FF_BATCH_MAX, &payload->device);
}

static enum ff_err
read_told(const struct ff_fields *fields, const struct payload *payload, struct ff_told *told)
{
	const struct ff_json *at = ff_field_find(fields, NULL, "timestamp");
	double                seconds = ff_json_double(at);

	told->user_agent = payload->agent.len > 0 ? payload->agent : FF_STR_NONE;
	told->language = payload->language.len > 0 ? payload->language : FF_STR_NONE;
	FF_TRY(ff_field_text(fields, NULL, "id", FF_BATCH_MAX, &told->viewer));
	if (payload->ip.len > 0) {
		if (!ff_addr_parse(payload->ip, &told->addr))
			return ff_field_bad(fields, "ip", "is not an address");
		told->any = told->has_addr = true;
	}
	if (!at)
		return FF_OK;
	if (ff_json_type(at) != FF_JSON_NUMBER || !(seconds >= 1 && seconds < 1e11))
		return ff_field_bad(fields, "timestamp", "is not a time in seconds since 1970");
	told->ts_us = (int64_t)seconds * FF_US_S;
	told->any = true;
	return FF_OK;
}

/* Their hostname is the page's, whatever the URL says. */
static enum ff_err
page_url(const struct ff_reading *reading, const struct payload *payload, struct ff_str *out)
{
	struct ff_str url = ff_reading_url(reading, payload->url);
	struct ff_url parsed;

	*out = url;
	if (url.len == 0)
		return FF_OK;
	if (url.p[0] != '/' && ff_str_find(url, FF_STR("://")) == url.len)
		*out = url = ff_str_printf(reading->arena, "/%.*s", FF_STR_ARG(url));
	if (ff_url_parse(reading->arena, url, &parsed) != FF_OK)
		return ff_reading_bad(reading, "payload.url", "is not a valid URL or path");
	if (payload->hostname.len > 0)
		*out = ff_str_printf(reading->arena, "https://%.*s%.*s%s%.*s%s%.*s", FF_STR_ARG(payload->hostname),
		    FF_STR_ARG(parsed.path), parsed.query.len > 0 ? "?" : "", FF_STR_ARG(parsed.query),
		    parsed.fragment.len > 0 ? "#" : "", FF_STR_ARG(parsed.fragment));
	if (out->len > FF_URL_MAX || ff_url_parse(reading->arena, *out, &parsed) != FF_OK)
		return ff_reading_bad(reading, "payload.hostname", "and url make no valid URL");
	return FF_OK;
}

static uint8_t
device_of(struct ff_str text)
{
	static const struct {
		const char *word;
		uint8_t     device;
	} words[] = {
		{ "desktop", FF_DEVICE_DESKTOP }, { "laptop", FF_DEVICE_DESKTOP }, { "mobile", FF_DEVICE_MOBILE },
		{ "tablet", FF_DEVICE_TABLET },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ff_str_eqz(text, words[i].word))
			return words[i].device;
	return FF_DEVICE_UNKNOWN;
}

static enum ff_err
fill(const struct ff_reading *reading, const struct ff_fields *fields, const struct payload *payload,
    struct ff_beacon *beacon)
{
	beacon->site_key = "website";
	beacon->sites = payload->site;
	beacon->hash_mode = true;
	beacon->referrer = ff_str_sub(ff_reading_url(reading, payload->referrer), 0, FF_URL_MAX);
	beacon->screen = ff_reading_screen(payload->screen);
	beacon->event.title = ff_utf8_cut(payload->title, FF_TITLE_MAX);
	beacon->event.hostname = ff_url_host_bare(reading->arena, payload->hostname);
	beacon->event.browser = ff_utf8_cut(payload->browser, FF_AGENT_MAX);
	beacon->event.os = ff_utf8_cut(payload->os, FF_AGENT_MAX);
	beacon->event.device = device_of(payload->device);
	FF_TRY(page_url(reading, payload, &beacon->url));
	return read_told(fields, payload, &beacon->told);
}

static void
read_data(const struct ff_reading *reading, const struct ff_json *data, struct ff_str tag, struct ff_event *event)
{
	struct ff_propset props;

	ff_propset_begin(&props, reading);
	ff_propset_put(&props, FF_STR("tag"), tag);
	ff_propset_tree(&props, FF_STR_NONE, data);
	event->props = ff_propset_end(&props);
	ff_reading_revenue(event, ff_json_text(reading->arena, ff_json_get(data, "revenue")),
	    ff_json_str(ff_json_get(data, "currency")));
}

static enum ff_err
read_event(const struct ff_reading *reading, const struct payload *payload, struct ff_beacon *beacon)
{
	struct ff_str name = ff_reading_name(payload->name);

	if (name.len == 0 && payload->link)
		name = FF_STR("link");
	if (name.len == 0 && payload->pixel && payload->url.len == 0)
		name = FF_STR("pixel");
	if (name.len == 0)
		return payload->url.len > 0 ? FF_OK :
		    ff_reading_bad(reading, "payload.url", "is required where there is no name");
	beacon->event.kind = FF_KIND_EVENT;
	beacon->event.name = name;
	return FF_OK;
}

static enum ff_err
read_metrics(const struct ff_reading *reading, const struct ff_json *payload, struct ff_beacons *out)
{
	static const struct {
		const char *theirs, *ours;
		double      max;
	} metrics[] = {
		{ "lcp", "LCP", 60000 }, { "inp", "INP", 60000 }, { "cls", "CLS", 100 }, { "fcp", "FCP", 60000 },
		{ "ttfb", "TTFB", 60000 },
	};
	struct ff_beacon page = out->v[0];

	out->n = 0;
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		const struct ff_json *node = ff_json_get(payload, metrics[i].theirs);
		double                value = ff_json_double(node);

		if (ff_json_type(node) == FF_JSON_NULL)
			continue;
		if (ff_json_type(node) != FF_JSON_NUMBER || !(value >= 0 && value <= metrics[i].max))
			return ff_reading_bad(reading, ff_str_z(reading->arena, ff_str_printf(reading->arena, "payload.%s",
			    metrics[i].theirs)), "is no number in its range");
		ff_beacons_metric(out, &page, metrics[i].ours, llround(value * 1e6));
	}
	return out->n > 0 ? FF_OK : ff_reading_bad(reading, "payload.lcp", "or another metric is required");
}

static enum ff_err
read_engagement(const struct ff_reading *reading, const struct ff_json *payload, struct ff_event *event)
{
	double ms = ff_json_double(ff_json_get(payload, "engagement"));

	if (!(ms >= 1 && ms <= 86400000))
		return ff_reading_bad(reading, "payload.engagement", "is no number of milliseconds up to a day");
	event->engaged_ms = (uint32_t)ms;
	return FF_OK;
}

static enum ff_err
read_type(const struct ff_reading *reading, struct ff_str type, const struct payload *payload, const struct ff_json *object,
    struct ff_beacons *out)
{
	struct ff_event      *event = &out->v[0].event;
	const struct ff_json *data = ff_json_get(object, "data");

	if (ff_json_type(data) != FF_JSON_NULL && ff_json_type(data) != FF_JSON_OBJECT)
		return ff_reading_bad(reading, "payload.data", "is not an object");
	if (ff_str_eqz(type, "performance"))
		return read_metrics(reading, object, out);
	read_data(reading, data, payload->tag, event);
	if (ff_str_eqz(type, "event"))
		return read_event(reading, payload, &out->v[0]);
	event->flags |= FF_FLAG_NON_INTERACTIVE;
	if (ff_str_eqz(type, "engagement")) {
		event->kind = FF_KIND_ENGAGEMENT;
		event->name = FF_STR("engagement");
		return read_engagement(reading, object, event);
	}
	event->kind = FF_KIND_EVENT;
	event->name = FF_STR("identify");
	return FF_OK;
}

enum ff_err
ff_umami_read(const struct ff_reading *reading, const struct ff_json *body, struct ff_beacons *out)
{
	static const char *const types[] = { "event", "identify", "performance", "engagement", NULL };
	struct ff_fields         fields = { reading->arena, body, "", reading->fault };
	struct payload           payload = { 0 };
	uint8_t                  type = 0;

	out->n = 0;
	FF_TRY(ff_field_word(&fields, "type", types, &type));
	if (type == 0)
		return ff_reading_bad(reading, "type", "is required");
	fields.object = ff_json_get(body, "payload");
	fields.prefix = "payload.";
	if (ff_json_type(fields.object) != FF_JSON_OBJECT)
		return ff_reading_bad(reading, "payload", "is not an object");
	FF_TRY(read_site(&fields, &payload));
	FF_TRY(read_texts(&fields, &payload));
	FF_TRY(fill(reading, &fields, &payload, ff_beacons_add(out, FF_KIND_PAGEVIEW, "pageview")));
	return read_type(reading, ff_str_from(types[type - 1]), &payload, fields.object, out);
}
