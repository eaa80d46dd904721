/* POST /api/events: {"events":[...]}, each as for /api/event. 202 {"results":[...]}, one for each in their order:
 * {"status":"accepted|duplicate","event_id":"..."}, {"status":"dropped","reason":"gpc"} or
 * {"status":"invalid","reason":"bad_field","field":"url","error":"is required"}. Only what cannot be read as a whole is
 * refused as a whole: then nothing of it is stored. Sent again after a lost answer, events with ids of the client's count
 * once: the drain sees to that; "duplicate" is said where it is known here already (recent.h). */
#include "base/limits.h"
#include "room/collect/beacon.h"

/* Stored before, as far as is known here: in this request, or acknowledged lately for each of its sites. */
static bool
is_duplicate(const struct ff_req *req, const struct ff_beacon *beacon, const struct ff_outcome *outcome)
{
	const struct ff_collect *collect = ff_collect_of(req);

	if (outcome->stored == 0)
		return outcome->by_reason[FF_REASON_DUPLICATE] > 0;
	if (!(beacon->event.flags & FF_FLAG_CLIENT_ID))
		return false;
	for (unsigned i = 0; i < outcome->stored; i++)
		if (!ff_recent_has(collect->recent, ff_recent_print(outcome->sites[i], &outcome->event_id), req->now_us))
			return false;
	return true;
}

static void
put_id(struct ff_json_out *out, const struct ff_uuid *id)
{
	char text[37];

	if (ff_uuid_is_nil(id))
		return;
	ff_uuid_print(id, text);
	ff_json_put_key(out, "event_id");
	ff_json_put_z(out, text);
}

static void
write_taken(struct ff_json_out *out, const struct ff_outcome *outcome, bool duplicate)
{
	bool stored = outcome->stored > 0 || duplicate;

	ff_json_object(out);
	ff_json_put_key(out, "status");
	ff_json_put_z(out, duplicate ? "duplicate" : stored ? "accepted" : "dropped");
	if (stored)
		put_id(out, &outcome->event_id);
	if (outcome->dropped > 0 && !duplicate) { /* by all of its sites, or by some */
		ff_json_put_key(out, "reason");
		ff_json_put_z(out, ff_reason_name(outcome->reason));
	}
	ff_json_object_end(out);
}

static void
write_invalid(struct ff_json_out *out, const struct ff_beacon *beacon, enum ff_err err, const struct ff_fault *fault)
{
	ff_json_object(out);
	ff_json_put_key(out, "status");
	ff_json_put_z(out, "invalid");
	put_id(out, &beacon->event.event_id);
	ff_json_put_key(out, "reason");
	ff_json_put_z(out, ff_reason_name(ff_collect_reason(err)));
	ff_json_put_key(out, "field");
	ff_json_put_z(out, fault->field[0] ? fault->field : "event");
	ff_json_put_key(out, "error");
	ff_json_put_z(out, ff_fault_why(fault, err));
	ff_json_object_end(out);
}

/* FF_BUSY, FF_TOO_MANY: nothing can be taken now, neither this one nor the others. */
static enum ff_err
take_one(const struct ff_req *req, struct ff_res *res, const struct ff_json *node, struct ff_json_out *out)
{
	const struct ff_fields fields = { req->arena, node, "", &res->fault };
	struct ff_beacon       beacon;
	struct ff_outcome      outcome;
	enum ff_err            err;

	ff_beacon_next(req, res);
	ff_beacon_init(&beacon, FF_KIND_EVENT, "");
	err = ff_json_type(node) == FF_JSON_OBJECT ? ff_event_read(req, &fields, &beacon) :
	                                             ff_fault_set(&res->fault, FF_INVALID, "event", "is not an object");
	if (err == FF_OK)
		err = ff_beacon_take(req, res, &beacon, &outcome);
	if (ff_beacon_ends(err))
		return err;
	if (err == FF_OK) {
		write_taken(out, &outcome, is_duplicate(req, &beacon, &outcome));
	} else {
		ff_beacon_refused(req, err);
		write_invalid(out, &beacon, err, &res->fault);
	}
	return FF_OK;
}

static enum ff_err
find_events(const struct ff_req *req, struct ff_res *res, const struct ff_json **events)
{
	FF_TRY(ff_beacon_body(req, res, false, events));
	*events = ff_json_get(*events, "events");
	if (ff_json_type(*events) != FF_JSON_ARRAY)
		return ff_fault_set(&res->fault, FF_INVALID, "events", *events ? "is not an array" : "is required");
	if (!ff_json_first(*events)) /* the ledger knows of every request */
		return ff_fault_set(&res->fault, FF_INVALID, "events", "holds none");
	if (ff_json_count(*events) > FF_BATCH_EVENTS_MAX)
		return ff_fault_set(&res->fault, ff_collect_refuse(ff_collect_of(req), FF_REASON_TOO_LARGE, FF_TOO_LARGE), "events",
		    "holds more than %d", FF_BATCH_EVENTS_MAX);
	return FF_OK;
}

enum ff_err
ff_collect_batch(const struct ff_req *req, struct ff_res *res)
{
	const struct ff_json *events;
	struct ff_json_out    out;

	FF_TRY(find_events(req, res, &events));
	ff_json_out_init(&out, &res->body);
	ff_json_object(&out);
	ff_json_put_key(&out, "results");
	ff_json_array(&out);
	for (const struct ff_json *node = ff_json_first(events); node; node = ff_json_next(node))
		FF_TRY(take_one(req, res, node, &out));
	ff_json_array_end(&out);
	ff_json_object_end(&out);
	res->status = 202;
	return FF_OK;
}
