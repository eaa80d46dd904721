/* public.c - counters of items, pages and sites without a key, where the site allows it: JSON, text, badge. */
#include "room/api/public.h"

#include "base/day.h"
#include "base/limits.h"
#include "fact/sites.h"
#include "room/api/counts.h"

/* Parameters, in the order of the routes. */
enum { COUNT, PERIOD, LABEL, PATH };
enum count { VIEWS, UNIQUE, QUALIFIED };
enum period { TOTAL, MONTH, TODAY };
enum form { FORM_NONE, FORM_JSON, FORM_TXT, FORM_SVG };

void
ff_api_public_open(struct ff_res *res)
{
	ff_res_header(res, "Access-Control-Allow-Origin", FF_STR("*"));
	ff_res_header(res, "Cross-Origin-Resource-Policy", FF_STR("cross-origin"));
	res->etag = true;
}

void
ff_api_public_no(struct ff_res *res, int status, const char *why)
{
	struct ff_json_out out;

	ff_api_public_open(res);
	res->status = status;
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "error");
	ff_json_put_z(&out, why);
	ff_json_object_end(&out);
}

enum ff_err
ff_api_public_site(const struct ff_req *req, struct ff_res *res, struct ff_str name, struct ff_site *site, bool *yes)
{
	enum ff_err err = name.len > 0 ? ff_sites_find(req->app->db, req->arena, name, site) : FF_NOT_FOUND;

	*yes = err == FF_OK && site->public_counters;
	if (err != FF_OK && err != FF_NOT_FOUND)
		return err;
	if (!*yes)
		ff_api_public_no(res, 403, "the counters of this site are not public");
	return FF_OK;
}

enum ff_err
ff_api_public_days(const struct ff_req *req, const struct ff_site *site, struct ff_range *out)
{
	const struct ff_zone *zone;

	*out = (struct ff_range){ 0 };
	FF_TRY(ff_zone_find(ff_str_z(req->arena, site->time_zone), &zone));
	out->last = ff_zone_day(zone, req->now_us);
	return ff_query_first_day(req->app->db, req->arena, site, out->last, &out->first);
}

struct ff_str
ff_api_grouped(struct ff_arena *arena, int64_t n)
{
	struct ff_str digits = ff_str_printf(arena, "%lld", (long long)n);
	char         *text = ff_alloc(arena, digits.len * 2 + 4);
	size_t        len = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (i > 0 && digits.p[i - 1] != '-' && (digits.len - i) % 3 == 0) {
			memcpy(text + len, "\xe2\x80\xaf", 3);
			len += 3;
		}
		text[len++] = digits.p[i];
	}
	return ff_str_of(text, len);
}

/* "42.svg" is "42" as a badge. */
static enum form
split_form(struct ff_str *name)
{
	static const char *const ends[] = { "", ".json", ".txt", ".svg" };

	for (enum form form = FORM_JSON; form <= FORM_SVG; form++)
		if (ff_str_ends(*name, ff_str_from(ends[form])) && name->len > strlen(ends[form])) {
			name->len -= strlen(ends[form]);
			return form;
		}
	return FORM_NONE;
}

static void
show_number(const struct ff_req *req, struct ff_res *res, enum form form, const char *what, int64_t n)
{
	struct ff_str label = req->values[LABEL].given ? req->values[LABEL].text : ff_str_from(what);

	if (form == FORM_SVG) {
		ff_api_badge(res, label, ff_api_grouped(req->arena, n));
		return;
	}
	res->content_type = "text/plain; charset=utf-8";
	ff_buf_i64(&res->body, n);
	ff_buf_char(&res->body, '\n');
}

static int64_t
pick(const struct ff_count *count, int64_t period)
{
	return period == TODAY ? count->today : period == MONTH ? count->month : count->total;
}

static int64_t
pick_count(const struct ff_counts *counts, int64_t count, int64_t period)
{
	const struct ff_count raw = { counts->today, counts->month, counts->total };

	return pick(count == UNIQUE ? &counts->unique : count == QUALIFIED ? &counts->qualified : &raw, period);
}

enum ff_err
ff_api_public_item(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str      key = req->segments[2];
	enum form          form = split_form(&key);
	struct ff_json_out out;
	struct ff_counts   counts;
	struct ff_site     site;
	bool               yes;

	if (form == FORM_NONE)
		return FF_NOT_FOUND;
	FF_TRY(ff_api_public_site(req, res, req->segments[0], &site, &yes));
	if (!yes)
		return FF_OK;
	FF_TRY(ff_public_item(req->app->db, req->arena, &site, req->now_us, req->segments[1], key, &counts));
	ff_api_public_open(res);
	res->status = counts.known ? 200 : 404;
	if (form != FORM_JSON) {
		show_number(req, res, form, "views", pick_count(&counts, req->values[COUNT].i64, req->values[PERIOD].i64));
		return FF_OK;
	}
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "kind");
	ff_json_put_str(&out, req->segments[1]);
	ff_json_put_key(&out, "id");
	ff_json_put_str(&out, key);
	ff_api_counts_write(&out, &counts);
	ff_json_object_end(&out);
	return FF_OK;
}

static void
show_page(const struct ff_req *req, struct ff_res *res, enum form form, struct ff_str path,
    const struct ff_public_count *count)
{
	bool               visitors = req->values[COUNT].i64 != VIEWS;
	struct ff_json_out out;

	if (form != FORM_JSON) {
		show_number(req, res, form, visitors ? "visitors" : "views", visitors ? count->visitors : count->pageviews);
		return;
	}
	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	if (path.p != NULL) {
		ff_json_put_key(&out, "path");
		ff_json_put_str(&out, path);
	}
	ff_json_put_key(&out, "pageviews");
	ff_json_put_i64(&out, count->pageviews);
	ff_json_put_key(&out, "visitors");
	ff_json_put_i64(&out, count->visitors);
	ff_json_object_end(&out);
}

static enum ff_err
page_or_total(const struct ff_req *req, struct ff_res *res, enum form form, struct ff_str path)
{
	const enum period      period = (enum period)req->values[PERIOD].i64;
	struct ff_public_count count;
	struct ff_range        range;
	struct ff_site         site;
	bool                   yes;

	FF_TRY(ff_api_public_site(req, res, req->segments[0], &site, &yes));
	if (!yes)
		return FF_OK;
	FF_TRY(ff_api_public_days(req, &site, &range));
	if (period == TODAY)
		range.first = range.last;
	if (period == MONTH)
		range.first = range.last - ff_day_to_date(range.last).day + 1;
	FF_TRY(ff_public_page(req->app->db, req->arena, &site, req->now_us, path, &range, &count));
	ff_api_public_open(res);
	res->status = count.known ? 200 : 404;
	show_page(req, res, form, path, &count);
	return FF_OK;
}

enum ff_err
ff_api_public_page(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str name = req->segments[1];
	enum form     form = split_form(&name);

	if (form != FORM_NONE && ff_str_eqz(name, "total"))
		return page_or_total(req, res, form, FF_STR_NONE);
	if (form == FORM_NONE || !ff_str_eqz(name, "page"))
		return FF_NOT_FOUND;
	if (!req->values[PATH].given || req->values[PATH].text.len == 0)
		return ff_fault_set(&res->fault, FF_INVALID, "path", "is required");
	return page_or_total(req, res, form, req->values[PATH].text);
}
