/* lists.c - popular, trending and rising items, and what was viewed together with one; as the tasks computed them. */
#include "fact/lists.h"

#include "base/day.h"
#include "door/narrow.h"
#include "fact/together.h"
#include "room/api/room.h"

#include <math.h>

enum { WINDOW, KIND, OWNER, COLLECTION, LIMIT }; /* parameters behind `site`, in the order of the route */

static const int window_days[] = { 1, 7, 30, 0 };
static const char *const list_names[] = { "", "popular", "trending", "rising", "related" };

/* In the words of docs/lists.md. */
static const char *const formulas[] = {
	"",
	"unique views in the window",
	"sum over visitors of 2 ^ (-age / halfLife)",
	"Wilson's lower bound of the rate, in multiples of the rate before",
	"visitors of both / sqrt(visitors of one x visitors of the other)",
};

static void
put_i64(struct ff_json_out *out, const char *key, int64_t value)
{
	ff_json_put_key(out, key);
	ff_json_put_i64(out, value);
}

static void
put_text(struct ff_json_out *out, const char *key, struct ff_str value)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, value);
}

static void
put_double(struct ff_json_out *out, const char *key, double value)
{
	ff_json_put_key(out, key);
	ff_json_put_double(out, round(value * 1e6) / 1e6);
}

static void
put_parameters(struct ff_json_out *out, enum ff_list list, const struct ff_list_settings *settings)
{
	ff_json_put_key(out, "parameters");
	ff_json_object(out);
	if (list != FF_LIST_POPULAR) {
		ff_json_put_key(out, "visitorsOf");
		ff_json_put_z(out, settings->unique != 0 ? "views" : "qualified views");
	}
	if (list == FF_LIST_TRENDING || list == FF_LIST_RISING)
		put_i64(out, "minVisitors", settings->min_visitors);
	if (list == FF_LIST_TRENDING) {
		put_i64(out, "halfLife", settings->half_life_s);
		put_i64(out, "horizon", settings->half_life_s * FF_TRENDING_HALVES);
	}
	if (list == FF_LIST_RISING) {
		put_i64(out, "pastDays", settings->past_days);
		put_i64(out, "minPercent", settings->rise_percent);
		put_double(out, "z", FF_RISING_Z);
	}
	if (list == FF_LIST_RELATED) {
		put_i64(out, "days", settings->together_days);
		put_i64(out, "minVisitors", settings->together_visitors);
		put_i64(out, "itemsPerVisitor", settings->together_items);
	}
	ff_json_object_end(out);
}

static void
put_head(struct ff_json_out *out, enum ff_list list, const struct ff_site *site, const struct ff_listing *listing)
{
	char made[32];

	ff_json_put_key(out, "list");
	ff_json_put_z(out, list_names[list]);
	put_text(out, "site", site->domain);
	ff_time_print(listing->made_us, made);
	ff_json_put_key(out, "computedAt");
	ff_json_put_z(out, listing->made_us == 0 ? NULL : made);
	ff_json_put_key(out, "algorithm");
	ff_json_object(out);
	ff_json_put_key(out, "score");
	ff_json_put_z(out, formulas[list]);
	put_parameters(out, list, &listing->settings);
	ff_json_object_end(out);
}

static void
put_inputs(struct ff_json_out *out, enum ff_list list, const struct ff_listed *item)
{
	ff_json_put_key(out, "inputs");
	ff_json_object(out);
	switch (list) {
	case FF_LIST_POPULAR:
		put_i64(out, "unique", item->visitors);
		put_i64(out, "views", item->views);
		break;
	case FF_LIST_RELATED:
		put_i64(out, "together", item->visitors);
		put_i64(out, "visitors", item->of_item);
		put_i64(out, "visitorsOfThis", item->of_other);
		break;
	default:
		put_i64(out, "visitors", item->visitors);
	}
	if (list == FF_LIST_RISING) {
		put_double(out, "baseline", item->baseline);
		put_double(out, "exposure", item->exposure);
	}
	ff_json_object_end(out);
}

static void
put_items(struct ff_json_out *out, enum ff_list list, const struct ff_listing *listing)
{
	ff_json_put_key(out, "items");
	ff_json_array(out);
	for (size_t i = 0; i < listing->n; i++) {
		const struct ff_listed *item = &listing->v[i];

		ff_json_object(out);
		put_i64(out, "rank", (int64_t)i + 1);
		put_text(out, "kind", item->item.kind);
		put_text(out, "id", item->item.key);
		put_text(out, "title", item->item.title);
		put_text(out, "url", item->item.url);
		put_text(out, "owner", item->item.owner);
		put_text(out, "collection", item->item.collection);
		put_double(out, "score", item->score);
		put_inputs(out, list, item);
		ff_json_object_end(out);
	}
	ff_json_array_end(out);
}

static void
reply(struct ff_res *res, enum ff_list list, const struct ff_site *site, struct ff_str window,
    const struct ff_listing *listing)
{
	struct ff_json_out out;

	res->etag = true;
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	put_head(&out, list, site, listing);
	if (window.len > 0)
		put_text(&out, "window", window);
	put_items(&out, list, listing);
	ff_json_object_end(&out);
}

static struct ff_str
chosen(const struct ff_value *value)
{
	return value->text.len > 0 ? value->text : FF_STR_NONE;
}

/* Who sees some items only asks for those, or for some of them. */
static enum ff_err
narrow(struct ff_str bound, const char *name, struct ff_str *asked, struct ff_fault *fault)
{
	if (bound.len == 0)
		return FF_OK;
	if (asked->len > 0 && !ff_str_eq(*asked, bound))
		return ff_fault_set(fault, FF_FORBIDDEN, name, "is another one than you may see");
	*asked = bound;
	return FF_OK;
}

static enum ff_err
answer(const struct ff_req *req, struct ff_res *res, enum ff_list list)
{
	const struct ff_value *values = &req->values[1];
	struct ff_str          window = values[WINDOW].given ? values[WINDOW].text : FF_STR("week");
	struct ff_list_ask     ask = { .list = list, .days = values[WINDOW].given ? window_days[values[WINDOW].i64] : 7,
		    .kind = chosen(&values[KIND]), .owner = chosen(&values[OWNER]), .collection = chosen(&values[COLLECTION]),
		    .limit = values[LIMIT].given ? values[LIMIT].i64 : 10 };
	struct ff_content_bounds bounds = ff_narrow_bounds(req->who);
	struct ff_listing        listing;
	struct ff_site           site;

	FF_TRY(narrow(bounds.kind, "kind", &ask.kind, &res->fault));
	FF_TRY(narrow(bounds.owner, "owner", &ask.owner, &res->fault));
	FF_TRY(narrow(bounds.collection, "collection", &ask.collection, &res->fault));
	if (ask.days == 0 && list != FF_LIST_POPULAR)
		return ff_fault_set(&res->fault, FF_INVALID, "window", "is day, week or month: \"all\" is for popular items alone");
	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_lists_read(req->app->db, req->arena, site.site_id, &ask, &listing));
	reply(res, list, &site, window, &listing);
	return FF_OK;
}

enum ff_err
ff_api_popular(const struct ff_req *req, struct ff_res *res)
{
	return answer(req, res, FF_LIST_POPULAR);
}

enum ff_err
ff_api_trending(const struct ff_req *req, struct ff_res *res)
{
	return answer(req, res, FF_LIST_TRENDING);
}

enum ff_err
ff_api_rising(const struct ff_req *req, struct ff_res *res)
{
	return answer(req, res, FF_LIST_RISING);
}

enum ff_err
ff_api_related(const struct ff_req *req, struct ff_res *res)
{
	int64_t           limit = req->values[1].given ? req->values[1].i64 : 10;
	struct ff_listing listing;
	struct ff_site    site;

	FF_TRY(ff_api_site(req, req->values[0].text, &site, &res->fault));
	FF_TRY(ff_together_read(req->app->db, req->arena, site.site_id, req->segments[0], req->segments[1], limit, &listing));
	reply(res, FF_LIST_RELATED, &site, FF_STR_NONE, &listing);
	return FF_OK;
}
