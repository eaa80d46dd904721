/* GET /pixel.gif: a page view without JavaScript. Query: site (d), url (u) or path, referrer (r), item ("kind:id" or
 * "id"), title, event_id; without url or path the page is the Referer header's. The answer is always an image, for it
 * stands in a page; what was wrong is said in the x-footfall-error and x-footfall-dropped headers. */
#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/dialect.h"
#include "room/collect/image.h"
#include "room/collect/query.h"

static enum ff_err
read_title(const struct ff_pairs *pairs, struct ff_event *event, struct ff_fault *fault)
{
	struct ff_str title = FF_STR_NONE;

	FF_TRY(ff_query_text(pairs, NULL, "title", FF_ENV_MAX, &title, fault));
	event->title = ff_utf8_cut(title, FF_TITLE_MAX);
	if (event->item.key.len > 0) /* the page of an item names the item */
		event->item.title = ff_utf8_cut(title, FF_ITEM_TITLE_MAX);
	return FF_OK;
}

static enum ff_err
read_item(const struct ff_pairs *pairs, struct ff_item *item, struct ff_fault *fault)
{
	struct ff_str text = FF_STR_NONE;
	size_t        colon;

	FF_TRY(ff_query_text(pairs, NULL, "item", FF_ITEM_KIND_MAX + 1 + FF_ITEM_KEY_MAX, &text, fault));
	colon = ff_str_find_char(text, ':');
	if (colon < text.len) {
		item->kind = ff_str_sub(text, 0, colon);
		text = ff_str_from_pos(text, colon + 1);
		if (text.len == 0)
			return ff_fault_set(fault, FF_INVALID, "item", "is a kind without an id");
	}
	if (item->kind.len > FF_ITEM_KIND_MAX || text.len > FF_ITEM_KEY_MAX)
		return ff_fault_set(fault, FF_INVALID, "item", "has a kind or an id that is too long");
	item->key = text;
	return FF_OK;
}

static enum ff_err
read_id(const struct ff_pairs *pairs, struct ff_event *event, struct ff_fault *fault)
{
	struct ff_str text = FF_STR_NONE;

	FF_TRY(ff_query_text(pairs, NULL, "event_id", 64, &text, fault));
	if (text.len == 0)
		return FF_OK;
	if (!ff_uuid_parse(text, &event->event_id) || ff_uuid_is_nil(&event->event_id))
		return ff_fault_set(fault, FF_INVALID, "event_id", "is not a UUID");
	event->flags |= FF_FLAG_CLIENT_ID;
	return FF_OK;
}

static enum ff_err
read_all(const struct ff_req *req, struct ff_beacon *beacon, struct ff_fault *fault)
{
	struct ff_pairs pairs;

	FF_TRY(ff_query_read(req, &pairs, fault));
	FF_TRY(ff_query_text(&pairs, "d", "site", FF_HOST_MAX, &beacon->sites, fault));
	FF_TRY(ff_query_text(&pairs, "u", "url", FF_URL_MAX, &beacon->url, fault));
	if (beacon->url.len == 0)
		FF_TRY(ff_query_text(&pairs, NULL, "path", FF_URL_MAX, &beacon->url, fault));
	if (beacon->url.len == 0 && req->referer.len <= FF_URL_MAX)
		beacon->url = req->referer;
	if (beacon->url.len == 0)
		return ff_fault_set(fault, FF_INVALID, "url", "is required where there is no Referer");
	FF_TRY(ff_query_text(&pairs, "r", "referrer", FF_URL_MAX, &beacon->referrer, fault));
	FF_TRY(read_id(&pairs, &beacon->event, fault));
	FF_TRY(read_item(&pairs, &beacon->event.item, fault));
	return read_title(&pairs, &beacon->event, fault);
}

enum ff_err
ff_collect_pixel(const struct ff_req *req, struct ff_res *res)
{
	struct ff_beacon  beacon;
	struct ff_outcome outcome;

	ff_image_write(res);
	if (req->method == FF_HEAD) /* a link checker, not a view */
		return FF_OK;
	ff_beacon_init(&beacon, FF_KIND_PAGEVIEW, "pageview");
	FF_TRY(read_all(req, &beacon, &res->fault));
	FF_TRY(ff_beacon_take(req, res, &beacon, &outcome));
	if (outcome.dropped > 0)
		ff_dialect_dropped(res, outcome.reason);
	return FF_OK;
}

static void
write_error(const struct ff_req *req, struct ff_res *res, enum ff_err err)
{
	(void)req;
	ff_image_error(res, err, "x-footfall-error", "");
}

const struct ff_dialect ff_dialect_pixel = {
	.fn = ff_collect_pixel,
	.error = write_error,
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("image/gif", FF_PIXEL_GIF)),
};
