/* counter.c - GoatCounter's visitor counter: GET /counter/PATH.json, .html, .svg; PATH TOTAL is the whole site.
 *
 * The site is ?site=, or the host that was asked: its own domain, or the domain above ("stats.example.com"). Not the page's by
 * Referer: an answer that is kept for hours must not depend on that. Numbers are texts with narrow spaces. */
#include "room/api/public.h"

#include "base/day.h"
#include "wire/url.h"

enum { START, END, SITE }; /* parameters, in the order of the route */

/* A frame of any page may show it. */
#define CSP_FRAME "default-src 'none'; frame-ancestors *"

static enum ff_err
choose_site(const struct ff_req *req, struct ff_res *res, struct ff_site *site, bool *yes)
{
	struct ff_str host = req->host;
	enum ff_err   err;

	if (req->values[SITE].text.len > 0)
		return ff_api_public_site(req, res, req->values[SITE].text, site, yes);
	host = ff_url_host_bare(req->arena, ff_str_split(&host, ':'));
	err = host.len > 0 ? ff_sites_find(req->app->db, req->arena, host, site) : FF_NOT_FOUND;
	if (err == FF_NOT_FOUND)
		(void)ff_str_split(&host, '.');
	else
		FF_TRY(err);
	return ff_api_public_site(req, res, host, site, yes);
}

/* A day, an instant of which the day counts, or how long ago. */
static enum ff_err
read_day(const struct ff_zone *zone, const struct ff_value *value, const char *name, int32_t today, int32_t *out,
    struct ff_fault *fault)
{
	struct ff_date date = ff_day_to_date(today);
	int64_t        us;

	if (value->text.len == 0)
		return FF_OK;
	if (ff_str_eqz(value->text, "week")) {
		*out = today - 7;
	} else if (ff_str_eqz(value->text, "month") || ff_str_eqz(value->text, "year")) {
		bool year = value->text.p[0] == 'y';

		date.year -= year || date.month == 1;
		date.month = year ? date.month : date.month == 1 ? 12 : date.month - 1;
		if (date.day > ff_month_length(date.year, date.month))
			date.day = ff_month_length(date.year, date.month);
		*out = ff_day_from_date(date);
	} else if (ff_time_parse(value->text, &us)) {
		*out = ff_zone_day(zone, us);
	} else if (!ff_day_parse(value->text, out)) {
		return ff_fault_set(fault, FF_INVALID, name, "is not a date like 2026-11-21, nor week, month or year");
	}
	return FF_OK;
}

static enum ff_err
read_range(const struct ff_req *req, const struct ff_site *site, struct ff_range *range, struct ff_fault *fault)
{
	const struct ff_zone *zone;
	int32_t               begun, today;

	FF_TRY(ff_api_public_days(req, site, range));
	FF_TRY(ff_zone_find(ff_str_z(req->arena, site->time_zone), &zone));
	begun = range->first;
	today = range->last;
	FF_TRY(read_day(zone, &req->values[START], "start", today, &range->first, fault));
	FF_TRY(read_day(zone, &req->values[END], "end", today, &range->last, fault));
	if (range->first < begun)
		range->first = begun;
	if (range->last > today)
		range->last = today;
	return FF_OK;
}

static void
put_json(struct ff_res *res, struct ff_str views, struct ff_str visitors)
{
	struct ff_json_out out;

	res->content_type = "application/json";
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "count");
	ff_json_put_str(&out, views);
	ff_json_put_key(&out, "count_unique");
	ff_json_put_str(&out, visitors);
	ff_json_object_end(&out);
}

static void
put_html(struct ff_res *res, struct ff_str views)
{
	res->content_type = "text/html; charset=utf-8";
	res->csp = CSP_FRAME;
	ff_buf_z(&res->body, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Views</title>\n"
			     "<p><span id=\"gcvc-views\">");
	ff_buf_str(&res->body, views);
	ff_buf_z(&res->body, "</span> <span id=\"gcvc-for\">views</span></p>\n");
}

static const char *const ends[] = { ".json", ".html", ".svg" };

/* Cuts the ending off; -1 for one that is not made here. */
static int
split_end(struct ff_str *path)
{
	for (int i = 0; i < 3; i++)
		if (ff_str_ends(*path, ff_str_from(ends[i]))) {
			path->len -= strlen(ends[i]);
			return i;
		}
	return -1;
}

/* Clients send "/a" as "%2Fa", "/a" or "a". */
static struct ff_str
page_of(const struct ff_req *req, struct ff_str path)
{
	if (ff_str_eqz(path, "TOTAL"))
		return FF_STR_NONE;
	return path.len > 0 && path.p[0] == '/' ? path : ff_str_printf(req->arena, "/%.*s", FF_STR_ARG(path));
}

enum ff_err
ff_api_counter(const struct ff_req *req, struct ff_res *res)
{
	struct ff_str          path = req->segments[0], views;
	int                    end = split_end(&path);
	struct ff_public_count count = { 0 };
	struct ff_range        range;
	struct ff_site         site;
	bool                   yes;

	if (end < 0) {
		ff_api_public_no(res, 404, "only .json, .html and .svg are made here");
		return FF_OK;
	}
	FF_TRY(choose_site(req, res, &site, &yes));
	if (!yes)
		return FF_OK;
	FF_TRY(read_range(req, &site, &range, &res->fault));
	if (range.first <= range.last)
		FF_TRY(ff_public_page(req->app->db, req->arena, &site, req->now_us, page_of(req, path), &range, &count));
	ff_api_public_open(res);
	res->status = count.known && count.pageviews > 0 ? 200 : 404;
	views = ff_api_grouped(req->arena, count.pageviews);
	if (end == 0)
		put_json(res, views, ff_api_grouped(req->arena, count.visitors));
	else if (end == 1)
		put_html(res, views);
	else
		ff_api_badge(res, FF_STR("views"), views);
	return FF_OK;
}
