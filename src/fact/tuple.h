/* tuple.h - an event as the payload of a spool record: version 2; version 1 is still read.
 *
 * The payload is one row in PostgreSQL's COPY BINARY format of the staging columns (doc: PostgreSQL manual,
 * COPY, "Binary Format": int16 number of fields, then per field int32 length or -1 and the bytes, big-endian).
 * FF_TUPLE_VERSION stands in the segment's header; a change of the columns is a new version, and the drain
 * reads the last two. Version 2 has version 1's columns and more behind them; an event of version 1 has none of those.
 * The decoder is total: any bytes give FF_CORRUPT or an event within base/limits.h whose
 * text is valid UTF-8. */
#ifndef FF_FACT_TUPLE_H
#define FF_FACT_TUPLE_H

#include "base/buf.h"
#include "base/limits.h"
#include "fact/event.h"

#define FF_TUPLE_VERSION 2
#define FF_TUPLE_MAX (FF_RECORD_MAX - 40) /* the spool's record header is 40 bytes */

/* Appends the row; FF_INVALID (with the field in *fault) if the event breaks its contract or would pass
 * FF_TUPLE_MAX; nothing is appended then. FF_TOO_LARGE: the buffer's own ceiling. */
enum ff_err ff_tuple_encode(const struct ff_event *event, struct ff_buf *out, struct ff_fault *fault) ff_must_check;
/* Slices of *event point into payload. */
enum ff_err ff_tuple_decode(struct ff_str payload, unsigned version, struct ff_event *event) ff_must_check;

#endif
