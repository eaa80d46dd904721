#include "room/collect/query.h"

#include "base/limits.h"
#include "base/utf8.h"

enum ff_err
ff_query_read(const struct ff_req *req, struct ff_pairs *out, struct ff_fault *fault)
{
	struct ff_collect *collect = ff_collect_of(req);

	collect->reason = FF_REASON_BAD_FIELD;
	return ff_query_parse(req->arena, req->query, FF_BEACON_PAIRS_MAX, out, fault);
}

enum ff_err
ff_query_text(const struct ff_pairs *pairs, const char *brief, const char *name, size_t max, struct ff_str *out,
    struct ff_fault *fault)
{
	struct ff_str text = brief ? ff_pairs_find(pairs, brief) : FF_STR_NONE;

	if (text.len == 0)
		text = ff_pairs_find(pairs, name);
	if (text.len > max)
		return ff_fault_set(fault, FF_INVALID, name, "is longer than %zu bytes", max);
	if (text.len > 0)
		*out = text;
	return FF_OK;
}

enum ff_err
ff_query_site(const struct ff_req *req, struct ff_beacon *beacon, struct ff_fault *fault)
{
	struct ff_pairs pairs;

	if (beacon->sites.p && ff_str_trim(beacon->sites).len == 0)
		return ff_fault_set(fault, FF_INVALID, "site", "can't be blank");
	if (beacon->sites.p || req->query.len == 0)
		return FF_OK;
	FF_TRY(ff_query_read(req, &pairs, fault));
	return ff_query_text(&pairs, "d", "site", FF_HOST_MAX, &beacon->sites, fault);
}
