/* kinds.h - the kinds of fact on the wire: one table of what each is called, must have and means (docs/events.md). */
#ifndef FF_ROOM_COLLECT_KINDS_H
#define FF_ROOM_COLLECT_KINDS_H

#include "room/collect/field.h"

/* "kind" and "n"/"name" into event->kind and name: the kind by its word, else by the name, else a custom event. */
enum ff_err ff_kind_read(const struct ff_fields *fields, struct ff_event *event) ff_must_check;
/* A name of at most 120 characters, not blank, a string or a whole number; `field` is what faults call it. */
enum ff_err ff_name_read(const struct ff_fields *fields, const char *brief, const char *key, const char *field,
    struct ff_str *name) ff_must_check;
/* What the kind asks for, once the event has a name, and the beacon its item and URL: target, value, media, engagement;
 * interactive: the client's word, which counts where the kind may end a bounce at all. */
enum ff_err ff_kind_fields(const struct ff_fields *fields, struct ff_beacon *beacon, bool interactive) ff_must_check;
/* May this kind end a bounce? */
bool ff_kind_interactive(enum ff_kind kind);
/* Does this kind go without a page (with an item: true)? */
bool ff_kind_pageless(const struct ff_fields *fields, enum ff_kind kind);

/* "media": {length, position, watched}. */
enum ff_err ff_media_read(const struct ff_fields *fields, struct ff_event *event) ff_must_check;
/* "0-12,30,55-99": hundredths that were played, each a number or a range, below 100, rising within a range; into bits. */
bool ff_watched_parse(struct ff_str text, uint8_t watched[FF_WATCHED_BYTES]);
/* "e" and "sd": visible milliseconds and scroll depth; *any: one of them was there and valid. */
void ff_engagement_read(const struct ff_fields *fields, struct ff_event *event, bool *any);

#endif
