/* parcel.h - a request that waits until its records are on disk: what the event loop hands to a room, and back.
 *
 * The loop fills the upper half and calls the room's `answer`; the room fills the lower half. A parcel without
 * records is answered at once. One with records goes to the committer thread, whose `commit` puts the records of
 * many parcels on disk together and only then lets the replies out. */
#ifndef FF_DOOR_PARCEL_H
#define FF_DOOR_PARCEL_H

#include "base/buf.h"
#include "base/uuid.h"

/* Sites that one beacon may name: each gets a record of its own. */
#define FF_PARCEL_RECORDS 8

struct ff_parcel_record {
	struct ff_uuid event_id;
	uint32_t       off, len; /* of the payload in parcel->payload */
};

struct ff_parcel {
	/* For the room; valid while `answer` runs. */
	const char *const *env; /* CGI variables, "NAME=value", NULL-terminated */
	struct ff_str      body;
	enum ff_err        body_err; /* FF_TOO_LARGE: longer than the limit, body is empty; FF_INVALID: not CONTENT_LENGTH bytes */
	int64_t            now_us;

	/* From the room; kept until the reply is out. */
	struct ff_buf           reply; /* "Status: ...", header lines, empty line, body */
	struct ff_buf           payload;
	struct ff_parcel_record records[FF_PARCEL_RECORDS];
	unsigned                n;      /* records; 0 = nothing to wait for */
	unsigned                robots; /* among them */
	struct ff_str           refusal; /* the reply instead, where the records cannot be stored; static text */
};

#endif
