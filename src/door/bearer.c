#include "door/bearer.h"

#include "base/limits.h"
#include "door/app.h"
#include "fact/account.h"
#include "fact/reader.h"
#include "fact/share.h"
#include "wire/query.h"

#include <string.h>

static enum ff_err
key_read(const struct ff_req *req, struct ff_str text, struct ff_who *who)
{
	struct ff_key key;

	FF_TRY(ff_key_find(req->app->db, req->arena, text, &key));
	who->key_id = key.key_id;
	who->site_id = key.site_id;
	who->scopes = key.scopes;
	return FF_OK;
}

static enum ff_err
link_read(const struct ff_req *req, struct ff_str text, struct ff_who *who, struct ff_fault *fault)
{
	struct ff_share share;

	FF_TRY(ff_share_find(req->app->db, req->arena, text, &share));
	if (share.locked)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "password", "is asked for: send it to POST /api/share");
	who->share_id = share.share_id;
	who->site_id = share.site_id;
	return FF_OK;
}

static enum ff_err
token_read(const struct ff_req *req, struct ff_str text, struct ff_who *who, struct ff_fault *fault)
{
	struct ff_reader reader;

	FF_TRY(ff_reader_read(req->app->db, req->arena, text, req->now_us, &reader, fault));
	who->by_token = true;
	who->site_id = reader.site_id;
	who->role = reader.moderator ? FF_ROLE_MODERATOR : FF_ROLE_VIEWER;
	who->owner = reader.owner;
	who->collection = reader.collection;
	who->kind = reader.kind;
	return FF_OK;
}

/* Addresses are kept by browsers and logs, so that only what reads, and a link made to be handed on, may stand there. */
static enum ff_err
link_in_address(const struct ff_req *req, struct ff_str *out)
{
	bool            reads = req->route->method == FF_GET && req->route->scope != NULL &&
	    strcmp(req->route->scope, "stats:read") == 0;
	struct ff_pairs pairs;

	if (!reads || req->query.len == 0)
		return FF_UNAUTHORIZED;
	FF_TRY(ff_query_parse(req->arena, req->query, FF_PAIRS_MAX, &pairs, NULL));
	*out = ff_pairs_find(&pairs, "auth");
	return out->len > 0 ? FF_OK : FF_UNAUTHORIZED;
}

enum ff_err
ff_bearer_read(const struct ff_req *req, struct ff_who *who, struct ff_fault *fault)
{
	static const struct ff_str bearer = FF_STR_INIT("Bearer ");
	struct ff_str              text;

	if (!ff_str_starts_nocase(req->authorization, bearer)) {
		FF_TRY(link_in_address(req, &text));
		return link_read(req, text, who, fault);
	}
	text = ff_str_trim(ff_str_from_pos(req->authorization, bearer.len));
	if (ff_str_starts(text, FF_STR("ffs_")))
		return link_read(req, text, who, fault);
	if (ff_str_find_char(text, '.') < text.len)
		return token_read(req, text, who, fault);
	return key_read(req, text, who);
}
