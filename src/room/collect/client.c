#include "room/collect/client.h"

#include "safe/token.h"

/* How far a caller's clock may be ahead of ours. */
#define CLOCKS_DIFFER_US (INT64_C(300) * FF_US_S)

static const struct ff_str bearer = FF_STR_INIT("Bearer ");
static const struct ff_str key_prefix = FF_STR_INIT("ffk_");

/* What stands behind "Bearer ", a key or a token; empty: nothing. */
static struct ff_str
credential(const struct ff_req *req)
{
	return ff_str_starts_nocase(req->authorization, bearer) ? ff_str_trim(ff_str_from_pos(req->authorization, bearer.len))
								: FF_STR_NONE;
}

static bool
has_word(struct ff_str words, const char *word)
{
	while (words.p)
		if (ff_str_eqz(ff_str_split(&words, ' '), word))
			return true;
	return false;
}

enum ff_err
ff_client_key(const struct ff_req *req, struct ff_fault *fault)
{
	struct ff_collect        *collect = ff_collect_of(req);
	const struct ff_site_key *key = NULL;
	struct ff_str             text = credential(req);
	uint8_t                   hash[32];

	collect->key = NULL;
	if (!ff_str_starts(text, key_prefix))
		return FF_OK;
	if (!collect->snapshot)
		return FF_BUSY;
	if (ff_token_hash(text, "ffk_", hash) == FF_OK)
		key = ff_snapshot_key(collect->snapshot, hash);
	if (!key || (key->expires_us != 0 && key->expires_us <= req->now_us))
		return ff_fault_set(fault, FF_UNAUTHORIZED, "Authorization",
		    "holds an API key that is unknown, revoked or expired");
	if (!has_word(key->scopes, "events:write"))
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "lacks the scope events:write");
	collect->key = key;
	return FF_OK;
}

/* What only a caller with a key may say, from one without. */
static enum ff_err
untold(const struct ff_told *told, struct ff_fault *fault)
{
	return ff_fault_set(fault, FF_INVALID,
	    told->ts_us != 0 ? "timestamp" : told->has_addr ? "client_ip" : "user_agent",
	    "is only for callers with an API key of scope events:write for this site");
}

/* In whatever dialect it came: a time that the drain refuses must not be acknowledged. */
static enum ff_err
check_time(int64_t ts_us, int64_t now_us, struct ff_fault *fault)
{
	if (ts_us < FF_EVENT_FIRST_US)
		return ff_fault_set(fault, FF_INVALID, "timestamp", "lies before 1990");
	if (ts_us > now_us + CLOCKS_DIFFER_US)
		return ff_fault_set(fault, FF_INVALID, "timestamp", "lies in the future");
	return FF_OK;
}

static enum ff_err
hear(const struct ff_told *told, int64_t now_us, struct ff_client *client, struct ff_fault *fault)
{
	if (told->has_addr) {
		client->known = true;
		client->addr = told->addr;
	}
	if (told->user_agent.p) {
		client->user_agent = told->user_agent;
		client->brands = FF_STR_NONE; /* the server's own, not the visitor's */
	}
	if (told->language.p)
		client->accept_language = told->language;
	if (client->key)
		client->named = told->viewer;
	if (told->ts_us == 0)
		return FF_OK;
	client->ts_us = told->ts_us < now_us ? told->ts_us : now_us;
	return check_time(told->ts_us, now_us, fault);
}

bool
ff_client_opted_out(const struct ff_req *req)
{
	return ff_str_eqz(ff_cookie_find(req->cookie, FF_OPT_OUT_COOKIE), "1");
}

/* GPC and DNT are believed of every caller: no server sends them but for its visitor. */
enum ff_err
ff_client_read(const struct ff_req *req, const struct ff_beacon *beacon, struct ff_client *out, struct ff_fault *fault)
{
	const struct ff_collect *collect = ff_collect_of(req);

	*out = (struct ff_client){
		.user_agent = req->user_agent,
		.accept_language = req->accept_language,
		.brands = req->brands,
		.gpc = req->gpc,
		.dnt = req->dnt,
		.prefetch = ff_robot_is_prefetch(req->sec_purpose, req->purpose),
		.opted_out = ff_client_opted_out(req),
		.ts_us = req->now_us,
		.key = collect->key,
		.token = beacon->token,
	};
	out->known = ff_client_addr(req->peer, req->forwarded, &collect->trusted, &out->addr);
	if (out->token.len == 0 && !out->key)
		out->token = credential(req);
	if (beacon->told.any && !out->key)
		return untold(&beacon->told, fault);
	return hear(&beacon->told, req->now_us, out, fault);
}

/* A batch has the same token hundreds of times: it is judged once for each site. */
static void
judge_token(const struct ff_req *req, const struct ff_site *site, struct ff_str token, struct ff_meeting *meeting)
{
	if (meeting->site == site && ff_str_eq(meeting->token, token))
		return;
	*meeting = (struct ff_meeting){ .site = site, .token = token };
	meeting->fault = ff_viewer_judge(req->arena, site, token, req->now_us, &meeting->viewer);
}

enum ff_err
ff_client_meet(const struct ff_req *req, const struct ff_site *site, struct ff_client *client, struct ff_fault *fault)
{
	struct ff_collect *collect = ff_collect_of(req);
	struct ff_meeting *meeting = &collect->meeting;

	client->viewer = NULL;
	if (client->key && client->key->site_id != 0 && client->key->site_id != site->site_id)
		return ff_fault_set(fault, FF_FORBIDDEN, "Authorization", "holds an API key of another site");
	if (client->named.len > 0) {
		client->named_viewer = (struct ff_viewer){ .team = false };
		ff_viewer_id(site->secret, client->named, &client->named_viewer.id);
		client->viewer = &client->named_viewer;
		return FF_OK;
	}
	if (client->token.len == 0)
		return FF_OK;
	judge_token(req, site, client->token, meeting);
	if (meeting->fault == FF_TOKEN_NONE)
		client->viewer = &meeting->viewer;
	else
		collect->token_fault = meeting->fault;
	return FF_OK;
}
