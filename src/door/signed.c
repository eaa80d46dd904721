#include "door/signed.h"

#include "base/day.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "door/app.h"
#include "fact/jobs.h"
#include "safe/hash.h"
#include "safe/hmac.h"

#include <stdlib.h>

#define CLOCKS_DIFFER_S 300
#define NONCE_MAX 64

bool
ff_signed_is(const struct ff_req *req)
{
	return ff_req_env(req, "HTTP_X_FOOTFALL_SIGNATURE").p != NULL;
}

static enum ff_err
check_time(const struct ff_req *req, struct ff_str timestamp, struct ff_fault *fault)
{
	int64_t seconds;

	if (!ff_num_i64(timestamp, &seconds) || seconds < 0)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "X-Footfall-Timestamp", "must be seconds since 1970");
	if (llabs(req->now_us / FF_US_S - seconds) > CLOCKS_DIFFER_S)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "X-Footfall-Timestamp",
		    "is more than %d minutes from the clock of this server", CLOCKS_DIFFER_S / 60);
	return FF_OK;
}

static enum ff_err
secret_read(const struct ff_req *req, struct ff_str *out, struct ff_fault *fault)
{
	enum ff_err err = ff_jobs_secret_read(req->arena, req->app->conf, out);

	return err == FF_OK ? FF_OK : ff_fault_set(fault, FF_UNAUTHORIZED, "X-Footfall-Signature",
	    "cannot be checked: this server has no secret for signed requests");
}

static void
sign(const struct ff_req *req, struct ff_str secret, struct ff_str timestamp, struct ff_str nonce, uint8_t mac[32])
{
	const struct ff_str parts[] = { FF_STR("v1\n"), timestamp, FF_STR("\n"), nonce, FF_STR("\n"),
		ff_str_from(ff_method_name(req->method)), FF_STR("\n"), req->raw_path,
		req->query.len > 0 ? FF_STR("?") : FF_STR(""), req->query, FF_STR("\n"), req->body };

	ff_hmac_sha256(mac, secret, parts, sizeof parts / sizeof *parts);
}

enum ff_err
ff_signed_pass(const struct ff_req *req, struct ff_who *who, struct ff_fault *fault)
{
	struct ff_str signature = ff_req_env(req, "HTTP_X_FOOTFALL_SIGNATURE");
	struct ff_str timestamp = ff_str_trim(ff_req_env(req, "HTTP_X_FOOTFALL_TIMESTAMP"));
	struct ff_str nonce = ff_str_trim(ff_req_env(req, "HTTP_X_FOOTFALL_NONCE")), secret;
	uint8_t       sent[32], ours[32];
	bool          first;

	FF_TRY(check_time(req, timestamp, fault));
	if (nonce.len > NONCE_MAX)
		return ff_fault_set(fault, FF_UNAUTHORIZED, "X-Footfall-Nonce", "is longer than %d bytes", NONCE_MAX);
	FF_TRY(secret_read(req, &secret, fault));
	sign(req, secret, timestamp, nonce, ours);
	signature = ff_str_trim(signature);
	if (!ff_str_starts(signature, FF_STR("v1=")) || !ff_unhex(ff_str_from_pos(signature, 3), sent, sizeof sent) ||
	    !ff_equal_ct(sent, ours, sizeof ours))
		return ff_fault_set(fault, FF_UNAUTHORIZED, "X-Footfall-Signature", "is not that of this request");
	FF_TRY(ff_signature_first(req->app->db, req->arena, ours, &first));
	if (!first)
		return ff_fault_set(fault, FF_CONFLICT, "X-Footfall-Signature", "has been used before: sign each request anew");
	who->login = FF_STR("signed request");
	return FF_OK;
}
