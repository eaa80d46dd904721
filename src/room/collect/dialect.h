/* dialect.h - how each handler's clients want to hear an error: one row a handler, the row beside its handler.
 *
 * A handler without a row speaks the house's JSON. Adding a dialect: its file defines a row, dialect.c lists it. */
#ifndef FF_ROOM_COLLECT_DIALECT_H
#define FF_ROOM_COLLECT_DIALECT_H

#include "door/route.h"
#include "fact/reason.h"

struct ff_dialect {
	enum ff_err (*fn)(const struct ff_req *req, struct ff_res *res); /* the handler */
	/* Writes a refusal. Status and the house's JSON are in res already, what is wrong in res->fault; both may be replaced.
	 * NULL: they stay. */
	void (*error)(const struct ff_req *req, struct ff_res *res, enum ff_err err);
	/* The whole reply where the records could not be stored (FF_REFUSAL); its text must be static. Empty: the house's. */
	struct ff_str refusal;
	const char   *headers; /* Access-Control-Allow-Headers of its preflight; NULL: Content-Type and Authorization */
};

/* "Could not be stored": the event is the client's to send again. */
#define FF_REFUSAL_TEXT(type, body)                                                       \
	"Status: 503 Service Unavailable\r\n"                                             \
	"Content-Type: " type "\r\n"                                                      \
	"Retry-After: 10\r\n"                                                             \
	"Cache-Control: no-store\r\n"                                                     \
	"Access-Control-Allow-Origin: *\r\n"                                              \
	"\r\n" body

/* Never NULL: the house's own where the route (NULL: none was found) has no row. */
const struct ff_dialect *ff_dialect_of(const struct ff_route *route);

/* What is wrong, in one sentence: "url is required". */
struct ff_str ff_dialect_words(struct ff_arena *arena, const struct ff_fault *fault, enum ff_err err);
/* The header x-footfall-dropped, once in a reply. */
void ff_dialect_dropped(struct ff_res *res, enum ff_reason reason);

/* The rows, each in its handler's file. */
extern const struct ff_dialect ff_dialect_event, ff_dialect_pixel;
extern const struct ff_dialect ff_dialect_umami_send, ff_dialect_umami_batch, ff_dialect_goatcounter,
	ff_dialect_goatcounter_api, ff_dialect_matomo;

#endif
