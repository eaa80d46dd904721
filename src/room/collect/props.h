/* props.h - the free part of an event: properties and revenue, by Plausible's rules. */
#ifndef FF_ROOM_COLLECT_PROPS_H
#define FF_ROOM_COLLECT_PROPS_H

#include "room/collect/field.h"

/* "m", "meta", "p" or "props": an object, or a string that holds one. At most FF_PROPS_MAX are kept; values become
 * strings; null, blank and nested values are dropped. Keys and values over their limits are FF_INVALID. *out lies
 * in buf. */
enum ff_err ff_props_read(const struct ff_fields *fields, struct ff_buf *buf, struct ff_str *out) ff_must_check;

/* The same, put together from more than one place, by the same rules: open, put, close. A fault names `name`. */
struct ff_props_out {
	struct ff_buf     *buf;
	struct ff_json_out json;
	int                kept;
};

void        ff_props_open(struct ff_props_out *out, struct ff_buf *buf);
enum ff_err ff_props_put(const struct ff_fields *fields, struct ff_props_out *out, const char *name, struct ff_str key,
    const struct ff_json *node) ff_must_check;
/* Each member of an object. */
enum ff_err ff_props_put_all(const struct ff_fields *fields, struct ff_props_out *out, const char *name,
    const struct ff_json *object) ff_must_check;
/* What the client gave as properties. */
enum ff_err ff_props_put_own(const struct ff_fields *fields, struct ff_props_out *out) ff_must_check;
enum ff_err ff_props_close(const struct ff_fields *fields, struct ff_props_out *out, const char *name, struct ff_str *props)
	ff_must_check;
/* In millionths; false beyond 9e12, and for what is no number. */
bool ff_micros_of(double number, int64_t *micros);
/* A number, or decimal text without exponent, in millionths: within 9e12. */
bool ff_micros_read(const struct ff_json *node, int64_t *micros);
/* "$" or "revenue": {currency, amount}. What cannot be read is left out, the event stays. */
void ff_revenue_read(const struct ff_fields *fields, struct ff_event *event);

#endif
