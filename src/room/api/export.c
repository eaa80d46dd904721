/* export.c - GET /api/export/{events,visits,items}: raw rows as CSV or JSON lines, of any number. */
#include "fact/export.h"

#include "base/day.h"
#include "base/limits.h"
#include "fact/audit.h"
#include "room/api/content.h"
#include "room/api/room.h"
#include "store/db.h"

/* What fits here is answered whole, with its length and, where it is a page of more, a Link to the next one. */
#define SMALL (256 * 1024)
#define RETRY_S 30

/* In the order of the routes' parameters; the filters stand behind. */
enum { SITE, FORMAT, CURSOR, LIMIT, BOM, FROM, TO, ROBOTS, IDENTITIES, FILTERS };

struct sending {
	struct ff_stream  stream; /* first: it is this one's address */
	struct ff_export *export;
	struct ff_db     *db;
	struct ff_arena  *arena;
	int64_t           slot;
};

static enum ff_err
send_next(struct ff_stream *stream, struct ff_buf *out)
{
	return ff_export_next(((struct sending *)stream)->export, out);
}

static void
send_close(struct ff_stream *stream)
{
	struct sending *s = (struct sending *)stream;

	ff_export_close(s->export);
	ff_export_slot_back(s->db, s->arena, s->slot);
}

/* Local days of the site, both included. */
static enum ff_err
read_days(const struct ff_req *req, struct ff_export_ask *ask, struct ff_fault *fault)
{
	const struct ff_value *from = &req->values[FROM], *to = &req->values[TO];
	const struct ff_zone  *zone;

	FF_TRY(ff_zone_find(ff_str_z(req->arena, ask->site->time_zone), &zone));
	if (from->given && to->given && from->i64 > to->i64)
		return ff_fault_set(fault, FF_INVALID, "to", "lies before from");
	if (from->given)
		ask->from_us = ff_zone_day_start(zone, (int32_t)from->i64);
	if (to->given)
		ask->to_us = ff_zone_day_start(zone, (int32_t)to->i64 + 1);
	return FF_OK;
}

static enum ff_err
read_ask(const struct ff_req *req, struct ff_site *site, struct ff_export_ask *ask, struct ff_fault *fault)
{
	const struct ff_value *v = req->values;

	FF_TRY(ff_api_site(req, v[SITE].text, site, fault));
	ask->site = site;
	ask->now_us = req->now_us;
	ask->format = v[FORMAT].given ? (enum ff_export_format)v[FORMAT].i64 : FF_EXPORT_CSV;
	ask->cursor = v[CURSOR].text;
	ask->limit = v[LIMIT].i64;
	ask->bom = v[BOM].i64 != 0;
	if (ask->what == FF_EXPORT_ITEMS)
		return FF_OK;
	ask->robots = v[ROBOTS].i64 != 0;
	ask->identities = v[IDENTITIES].i64 != 0;
	if (ask->identities && !ff_authorize(req->who, site->site_id, "export:identities"))
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "lacks the scope export:identities");
	return read_days(req, ask, fault);
}

/* The same request, behind what it has given. */
static void
link_next(const struct ff_req *req, struct ff_res *res, struct ff_str cursor)
{
	struct ff_buf link;

	ff_buf_init(&link, FF_ENV_MAX);
	ff_buf_char(&link, '<');
	ff_buf_str(&link, req->raw_path);
	ff_buf_char(&link, '?');
	for (struct ff_str rest = req->query; rest.p != NULL && rest.len > 0;) {
		struct ff_str part = ff_str_split(&rest, '&');

		if (part.len == 0 || ff_str_starts(part, FF_STR("cursor=")))
			continue;
		ff_buf_str(&link, part);
		ff_buf_char(&link, '&');
	}
	ff_buf_z(&link, "cursor=");
	ff_buf_str(&link, cursor);
	ff_buf_z(&link, ">; rel=\"next\"");
	ff_res_header(res, "Link", ff_buf_view(&link));
	ff_buf_free(&link);
}

static enum ff_err
note(const struct ff_req *req, const struct ff_export_ask *ask)
{
	static const char *const actions[] = { "export.events", "export.visits", "export.items" };

	if (ask->cursor.len > 0)
		return FF_OK; /* told with its beginning */
	return ff_audit_add(req->app->db, req->arena, ff_api_actor(req), actions[ask->what], ask->site->site_id,
	    ask->identities ? FF_STR("with identities") : FF_STR(""));
}

/* The first rows, and the stream of the others if there are many. */
static enum ff_err
begin(const struct ff_req *req, struct ff_res *res, struct sending *s)
{
	enum ff_err err = FF_OK;

	while (err == FF_OK && res->body.len < SMALL)
		err = ff_export_next(s->export, &res->body);
	if (err == FF_OK) {
		res->stream = &s->stream;
		return FF_OK;
	}
	if (err == FF_END && ff_export_more(s->export))
		link_next(req, res, ff_export_cursor(s->export));
	send_close(&s->stream);
	return err == FF_END ? FF_OK : err;
}

static enum ff_err
export(const struct ff_req *req, struct ff_res *res, struct ff_export_ask *ask)
{
	struct sending *s = FF_NEW(req->arena, struct sending);
	int64_t         workers = req->app->conf->stats_workers;
	struct ff_site  site;
	enum ff_err     err;

	FF_TRY(read_ask(req, &site, ask, &res->fault));
	*s = (struct sending){ .stream = { send_next, send_close }, .db = req->app->db, .arena = req->arena };
	res->retry_after = RETRY_S;
	FF_TRY(ff_export_slot_take(s->db, req->arena, workers > 1 ? workers - 1 : 1, &s->slot));
	err = ff_export_open(s->db, ask, &s->export, &res->fault);
	if (err == FF_OK)
		err = note(req, ask);
	if (err != FF_OK) {
		send_close(&s->stream);
		return err;
	}
	res->content_type = ff_export_type(ask->format);
	ff_res_header(res, "Content-Disposition", ff_str_printf(req->arena, "attachment; filename=\"%s.%s\"",
	    ask->what == FF_EXPORT_EVENTS ? "events" : ask->what == FF_EXPORT_VISITS ? "visits" : "items",
	    ask->format == FF_EXPORT_CSV ? "csv" : "jsonl"));
	return begin(req, res, s);
}

enum ff_err
ff_api_export_events(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_value *filters = req->values + FILTERS;
	struct ff_export_ask   ask = { .what = FF_EXPORT_EVENTS, .kind = filters[0].text, .name = filters[1].text,
		  .path = filters[2].text, .item = filters[3].text };

	return export(req, res, &ask);
}

enum ff_err
ff_api_export_visits(const struct ff_req *req, struct ff_res *res)
{
	struct ff_export_ask ask = { .what = FF_EXPORT_VISITS };

	return export(req, res, &ask);
}

enum ff_err
ff_api_export_items(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_value *filters = req->values + FROM;
	struct ff_export_ask   ask = { .what = FF_EXPORT_ITEMS, .kind = filters[0].text, .owner = filters[1].text,
		  .collection = filters[2].text };

	return export(req, res, &ask);
}
