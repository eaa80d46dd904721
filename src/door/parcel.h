/* parcel.h - a request that waits until its records are on disk: what the event loop hands to a room, and back.
 *
 * The loop fills the upper half and calls the room's `answer`; the room fills the lower half. A parcel without
 * records is answered at once. One with records goes to the committer thread, whose `commit` puts the records of
 * many parcels on disk together and only then lets the replies out. */
#ifndef FF_DOOR_PARCEL_H
#define FF_DOOR_PARCEL_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/uuid.h"

/* Every event of a batch for every site that it names. */
#define FF_PARCEL_RECORDS (FF_BATCH_EVENTS_MAX * FF_EVENT_SITES)
/* Their payloads together: a batch of FF_BATCH_MAX for one site, four times over. */
#define FF_PARCEL_PAYLOAD_MAX (4 * 1024 * 1024)
/* A batch's answer has a line for each of its events. */
#define FF_PARCEL_REPLY_MAX (256 * 1024)

struct ff_parcel_record {
	struct ff_uuid event_id;
	uint32_t       off, len; /* of the payload in parcel->payload */
	uint64_t       note;     /* the room's own, from its answer to its commit; 0 when added */
};

struct ff_parcel {
	/* For the room; valid while `answer` runs. */
	const char *const *env; /* CGI variables, "NAME=value", NULL-terminated */
	struct ff_str      body;
	/* Why body is empty: FF_TOO_LARGE: longer than the loop's limit; FF_INVALID: not CONTENT_LENGTH bytes; FF_BUSY: too
	 * many large ones at once, to be sent again later. */
	enum ff_err        body_err;
	int64_t            now_us;

	/* From the room; kept until the reply is out. */
	struct ff_buf            reply;   /* "Status: ...", header lines, empty line, body */
	struct ff_buf            payload; /* up to FF_PARCEL_PAYLOAD_MAX */
	struct ff_parcel_record *records; /* n of them, added by ff_parcel_add */
	unsigned                 n;       /* 0 = nothing to wait for */
	unsigned                 cap;
	unsigned                 robots;  /* among them */
	struct ff_str            refusal; /* the reply instead, where the records cannot be stored; static text */
};

/* How much is in a parcel: to come back to, where an event of several records fails at its second. */
struct ff_parcel_mark {
	unsigned n, robots;
	size_t   len;
};

void ff_parcel_init(struct ff_parcel *parcel);
/* Empty, for the next request; the memory of a small one is kept, that of a large one given back. */
void ff_parcel_clear(struct ff_parcel *parcel);
void ff_parcel_free(struct ff_parcel *parcel);

/* Makes a record of what stands in parcel->payload from off on: encode there first, then add. FF_TOO_LARGE: there are
 * FF_PARCEL_RECORDS already; the payload is cut back to off. (An encoder that finds no room up to the payload's ceiling
 * says FF_TOO_LARGE too: one event of a batch may so be refused, and those before it stay.) */
enum ff_err ff_parcel_add(struct ff_parcel *parcel, const struct ff_uuid *event_id, size_t off, bool robot) ff_must_check;
struct ff_parcel_mark ff_parcel_mark(const struct ff_parcel *parcel);
/* Takes back what was added since. */
void ff_parcel_rewind(struct ff_parcel *parcel, struct ff_parcel_mark mark);

#endif
