#include "room/collect/dialect.h"

#include "room/collect/collect.h"
#include "room/collect/room.h"

#include <string.h>

static const struct ff_dialect house = {
	.refusal = FF_STR_INIT(FF_REFUSAL_TEXT("application/json",
	    "{\"error\":\"the event could not be stored, try again later\",\"code\":\"STORAGE\"}\n")),
	.headers = "Content-Type, Authorization",
};

static const struct ff_dialect *const dialects[] = {
	&ff_dialect_event, &ff_dialect_pixel, &ff_dialect_umami_send, &ff_dialect_umami_batch, &ff_dialect_goatcounter,
	&ff_dialect_goatcounter_api, &ff_dialect_matomo,
};

const struct ff_dialect *
ff_dialect_of(const struct ff_route *route)
{
	for (size_t i = 0; route && i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (dialects[i]->fn == route->fn)
			return dialects[i];
	return &house;
}

struct ff_str
ff_dialect_words(struct ff_arena *arena, const struct ff_fault *fault, enum ff_err err)
{
	return ff_str_printf(arena, "%s%s%s", fault->field, fault->field[0] ? " " : "", ff_fault_why(fault, err));
}

void
ff_dialect_dropped(struct ff_res *res, enum ff_reason reason)
{
	struct ff_str head = ff_buf_view(&res->head);

	if (ff_str_find(head, FF_STR("x-footfall-dropped")) == head.len)
		ff_res_header(res, "x-footfall-dropped", ff_str_from(ff_reason_name(reason)));
}

/* What a page of another origin may send to this path: its routes, and their dialect's headers. */
enum ff_err
ff_collect_preflight(const struct ff_req *req, struct ff_res *res)
{
	const char   *headers = house.headers;
	struct ff_str methods = FF_STR_NONE;

	for (size_t i = 0; i < ff_collect_routes_n; i++) {
		const struct ff_route *route = &ff_collect_routes[i];

		if (strcmp(route->pattern, req->route->pattern) != 0)
			continue;
		methods = ff_str_printf(req->arena, "%.*s%s%s", FF_STR_ARG(methods), methods.len > 0 ? ", " : "",
		    ff_method_name(route->method));
		if (ff_dialect_of(route) != &house && ff_dialect_of(route)->headers)
			headers = ff_dialect_of(route)->headers;
	}
	res->status = 204;
	ff_res_header(res, "Access-Control-Allow-Methods", methods);
	ff_res_header(res, "Access-Control-Allow-Headers", ff_str_from(headers));
	ff_res_header(res, "Access-Control-Max-Age", FF_STR("86400"));
	return FF_OK;
}
