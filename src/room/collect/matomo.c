#include "room/collect/matomo.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"

static bool
is_on(const struct ff_pairs *pairs, const char *name)
{
	return ff_str_eqz(ff_matomo_get(pairs, name), "1");
}

static void
measure(struct ff_event *event, struct ff_str text)
{
	if (ff_reading_micros(text, &event->measure_micros))
		event->flags |= FF_FLAG_MEASURE;
}

/* ---- properties ---- */

/* dimension1..N */
static void
put_dimensions(const struct ff_pairs *pairs, struct ff_propset *props)
{
	for (size_t i = 0; i < pairs->n; i++) {
		struct ff_str name = pairs->v[i].name;
		int64_t       n;

		if (ff_str_starts(name, FF_STR("dimension")) && ff_num_range(ff_str_from_pos(name, 9), 1, 9999, &n))
			ff_propset_put(props, name, pairs->v[i].value);
	}
}

/* {"1":["name","value"],...} */
static void
put_custom_variables(const struct ff_reading *reading, struct ff_str text, struct ff_propset *props)
{
	const struct ff_json *object;

	if (text.len == 0 || ff_json_parse(reading->arena, text, &object, NULL) != FF_OK)
		return;
	for (const struct ff_json *node = ff_json_first(object); node; node = ff_json_next(node)) {
		const struct ff_json *name = ff_json_first(node);

		if (ff_json_type(node) == FF_JSON_ARRAY && name)
			ff_propset_put(props, ff_json_text(reading->arena, name), ff_json_text(reading->arena, ff_json_next(name)));
	}
}

static void
put(struct ff_propset *props, const char *key, struct ff_str value)
{
	ff_propset_put(props, ff_str_from(key), value);
}

/* ---- what happened ---- */

struct action {
	const struct ff_reading *reading;
	const struct ff_pairs   *pairs;
	struct ff_propset       *props;
	struct ff_str            currency;
	struct ff_beacon        *beacon;
};

static enum ff_err
named(const struct action *action, const char *name)
{
	action->beacon->event.kind = FF_KIND_EVENT;
	action->beacon->event.name = ff_str_from(name);
	return FF_OK;
}

static enum ff_err
read_event(const struct action *action)
{
	struct ff_event *event = &action->beacon->event;
	struct ff_str    category = ff_matomo_get(action->pairs, "e_c"), what = ff_matomo_get(action->pairs, "e_a");
	struct ff_str    name = ff_matomo_get(action->pairs, "e_n"), value = ff_matomo_get(action->pairs, "e_v");

	if (category.len == 0 || what.len == 0)
		return ff_reading_bad(action->reading, "e_c", "and e_a must both be set");
	event->kind = FF_KIND_EVENT;
	event->name = ff_reading_name(ff_str_printf(action->reading->arena, "%.*s: %.*s", FF_STR_ARG(category), FF_STR_ARG(what)));
	event->target = ff_utf8_cut(name, FF_LABEL_MAX);
	measure(event, value);
	put(action->props, "category", category);
	put(action->props, "action", what);
	put(action->props, "name", name);
	put(action->props, "value", value);
	return FF_OK;
}

static enum ff_err
read_click(const struct action *action, const char *name, struct ff_str url)
{
	action->beacon->event.target = ff_utf8_cut(url, FF_LABEL_MAX);
	put(action->props, "url", url);
	return named(action, name);
}

static enum ff_err
read_search(const struct action *action)
{
	struct ff_event *event = &action->beacon->event;

	event->kind = FF_KIND_SEARCH;
	event->name = FF_STR("search");
	event->target = ff_utf8_cut(ff_matomo_get(action->pairs, "search"), FF_LABEL_MAX);
	measure(event, ff_matomo_get(action->pairs, "search_count"));
	put(action->props, "category", ff_matomo_get(action->pairs, "search_cat"));
	return FF_OK;
}

/* A block of content came into view, or was used. */
static enum ff_err
read_content(const struct action *action)
{
	struct ff_event *event = &action->beacon->event;
	struct ff_str    name = ff_matomo_get(action->pairs, "c_n"), what = ff_matomo_get(action->pairs, "c_i");

	event->item.kind = FF_STR("content");
	event->item.key = ff_utf8_cut(name, FF_ITEM_KEY_MAX);
	event->item.title = ff_utf8_cut(name, FF_ITEM_TITLE_MAX);
	put(action->props, "piece", ff_matomo_get(action->pairs, "c_p"));
	put(action->props, "target", ff_matomo_get(action->pairs, "c_t"));
	if (what.len > 0) {
		event->kind = FF_KIND_INTERACTION;
		event->name = ff_reading_name(what);
		event->target = ff_utf8_cut(name, FF_LABEL_MAX);
		return FF_OK;
	}
	event->kind = FF_KIND_VIEW;
	event->name = FF_STR("view");
	event->view_type = FF_VIEW_LISTING;
	event->list = FF_STR("content");
	event->flags |= FF_FLAG_NON_INTERACTIVE;
	return FF_OK;
}

static enum ff_err
read_goal(const struct action *action)
{
	struct ff_event *event = &action->beacon->event;
	struct ff_str    goal = ff_matomo_get(action->pairs, "idgoal");
	int64_t          n;

	if (ff_str_eqz(goal, "0")) {
		ff_matomo_order(action->pairs, action->currency, action->props, event);
		return FF_OK;
	}
	if (!ff_num_range(goal, 1, INT32_MAX, &n))
		return ff_reading_bad(action->reading, "idgoal", "is no number of a goal");
	event->kind = FF_KIND_EVENT;
	event->name = ff_str_printf(action->reading->arena, "Goal %.*s", FF_STR_ARG(goal));
	put(action->props, "goal", goal);
	ff_reading_revenue(event, ff_matomo_get(action->pairs, "revenue"), action->currency);
	return FF_OK;
}

static enum ff_err
read_ping(const struct action *action)
{
	struct ff_event *event = &action->beacon->event;

	event->kind = FF_KIND_ENGAGEMENT;
	event->name = FF_STR("engagement");
	event->flags |= FF_FLAG_NON_INTERACTIVE;
	event->engaged_ms = FF_MATOMO_PING_MS;
	return FF_OK;
}

static enum ff_err
read_page_view(const struct action *action)
{
	struct ff_str name = ff_reading_name(ff_matomo_get(action->pairs, "action_name"));

	if (is_on(action->pairs, "ca")) {
		named(action, "custom action");
		if (name.len > 0)
			action->beacon->event.name = name;
		return FF_OK;
	}
	ff_matomo_product(action->pairs, action->props, &action->beacon->event);
	return action->beacon->url.len > 0 ? FF_OK : ff_reading_bad(action->reading, "url", "is required");
}

/* One request is one action: what it carries beside the page says which, in Matomo's order. */
static enum ff_err
read_action(const struct action *action)
{
	const struct ff_pairs *pairs = action->pairs;

	if (ff_matomo_get(pairs, "ma_id").len > 0)
		return ff_matomo_media(action->reading, pairs, action->beacon);
	if (ff_matomo_get(pairs, "idgoal").len > 0)
		return read_goal(action);
	if (is_on(pairs, "ping"))
		return read_ping(action);
	if (ff_matomo_get(pairs, "e_c").len > 0 || ff_matomo_get(pairs, "e_a").len > 0)
		return read_event(action);
	if (ff_matomo_get(pairs, "c_n").len > 0)
		return read_content(action);
	if (ff_matomo_get(pairs, "link").len > 0)
		return read_click(action, "Outbound Link: Click", ff_matomo_get(pairs, "link"));
	if (ff_matomo_get(pairs, "download").len > 0)
		return read_click(action, "File Download", ff_matomo_get(pairs, "download"));
	if (ff_matomo_get(pairs, "search").len > 0)
		return read_search(action);
	return read_page_view(action);
}

/* Load times of the page, in milliseconds: with its view or, where they came late, with a heartbeat. */
static void
read_times(const struct ff_pairs *pairs, struct ff_beacons *out)
{
	static const struct {
		const char *theirs, *ours;
	} times[] = {
		{ "pf_net", "network" }, { "pf_srv", "server" }, { "pf_tfr", "transfer" }, { "pf_dm1", "dom_processing" },
		{ "pf_dm2", "dom_completion" }, { "pf_onl", "onload" }, { "gt_ms", "generation" },
	};
	struct ff_beacon page = out->v[0];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t ms;

		if (ff_num_range(ff_matomo_get(pairs, times[i].theirs), 0, 3600000, &ms))
			ff_beacons_metric(out, &page, times[i].ours, ms * 1000000);
	}
}

enum ff_err
ff_matomo_read(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_str currency, struct ff_beacons *out)
{
	struct ff_propset props;
	struct action     action = { reading, pairs, &props, currency, NULL };

	out->n = 0;
	if (!is_on(pairs, "rec"))
		return ff_reading_bad(reading, "rec", "must be 1");
	if (ff_matomo_get(pairs, "idsite").len == 0)
		return ff_reading_bad(reading, "idsite", "is required");
	if (ff_str_find_char(ff_matomo_get(pairs, "idsite"), ',') < ff_matomo_get(pairs, "idsite").len)
		return ff_reading_bad(reading, "idsite", "is not one site");
	if (ff_matomo_get(pairs, "currency").len > 0)
		action.currency = ff_matomo_get(pairs, "currency");
	action.beacon = ff_beacons_add(out, FF_KIND_PAGEVIEW, "pageview");
	action.beacon->site_key = "idsite";
	action.beacon->sites = ff_matomo_get(pairs, "idsite");
	FF_TRY(ff_matomo_page(reading, pairs, action.beacon));
	ff_propset_begin(&props, reading);
	FF_TRY(read_action(&action));
	put_dimensions(pairs, &props);
	put_custom_variables(reading, ff_matomo_get(pairs, "_cvar"), &props);
	put_custom_variables(reading, ff_matomo_get(pairs, "cvar"), &props);
	action.beacon->event.props = ff_propset_end(&props);
	read_times(pairs, out);
	return FF_OK;
}

enum ff_err
ff_matomo_pairs(const struct ff_reading *reading, const struct ff_json *node, struct ff_pairs *out)
{
	struct ff_str text = ff_json_str(node);
	size_t        n = ff_json_count(node);

	*out = (struct ff_pairs){ 0 };
	if (ff_json_type(node) == FF_JSON_STRING) {
		if (text.len > 0 && text.p[0] == '?')
			text = ff_str_from_pos(text, 1);
		return ff_query_parse(reading->arena, text, FF_PAIRS_MAX, out, reading->fault);
	}
	if (ff_json_type(node) != FF_JSON_OBJECT || n > FF_PAIRS_MAX)
		return ff_reading_bad(reading, "requests", "holds what is neither a query string nor an object");
	out->v = FF_NEW_N(reading->arena, n + 1, struct ff_pair);
	for (node = ff_json_first(node); node; node = ff_json_next(node))
		out->v[out->n++] = (struct ff_pair){ ff_json_key(node), ff_json_text(reading->arena, node) };
	return FF_OK;
}
