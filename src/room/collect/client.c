#include "room/collect/client.h"

void
ff_client_read(const struct ff_req *req, const struct ff_told *told, struct ff_client *out)
{
	const struct ff_collect *collect = ff_collect_of(req);

	*out = (struct ff_client){
		.user_agent = req->user_agent,
		.accept_language = req->accept_language,
		.brands = req->brands,
		.gpc = req->gpc,
		.dnt = req->dnt,
		.prefetch = ff_robot_is_prefetch(req->sec_purpose, req->purpose),
		.ts_us = told->ts_us != 0 ? told->ts_us : req->now_us,
	};
	out->known = told->has_addr || ff_client_addr(req->peer, req->forwarded, &collect->trusted, &out->addr);
	if (told->has_addr)
		out->addr = told->addr;
	if (told->user_agent.p) {
		out->user_agent = told->user_agent;
		out->brands = FF_STR_NONE; /* the server's own, not the visitor's */
	}
	if (told->language.p)
		out->accept_language = told->language;
}
