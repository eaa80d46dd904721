/* field.h - typed and bounded fields of a JSON body. Absent and null are the same: FF_OK, *out untouched.
 *
 * Each has a short and a long name (NULL: only one); a fault names the long one. */
#ifndef FF_ROOM_COLLECT_FIELD_H
#define FF_ROOM_COLLECT_FIELD_H

#include "base/err.h"
#include "base/uuid.h"
#include "fact/event.h"
#include "wire/json.h"

struct ff_fields {
	struct ff_arena      *arena;
	const struct ff_json *object;
	const char           *prefix; /* of names in faults: "item." or "" */
	struct ff_fault      *fault;
};

const struct ff_json *ff_field_find(const struct ff_fields *fields, const char *brief, const char *name);
enum ff_err ff_field_bad(const struct ff_fields *fields, const char *name, const char *why) ff_must_check;
enum ff_err ff_field_text(const struct ff_fields *fields, const char *brief, const char *name, size_t max, struct ff_str *out)
	ff_must_check;
/* A string or a whole number, as text. */
enum ff_err ff_field_id(const struct ff_fields *fields, const char *brief, const char *name, size_t max, struct ff_str *out)
	ff_must_check;
enum ff_err ff_field_bool(const struct ff_fields *fields, const char *brief, const char *name, bool *out) ff_must_check;
enum ff_err ff_field_uuid(const struct ff_fields *fields, const char *name, struct ff_uuid *out, bool *given) ff_must_check;
/* A whole number within [min, max]. */
enum ff_err ff_field_whole(const struct ff_fields *fields, const char *name, int64_t min, int64_t max, int64_t *out) ff_must_check;
/* A number, in millionths: finite and within 9e12; *given becomes true where there is one. */
enum ff_err ff_field_micros(const struct ff_fields *fields, const char *name, int64_t *out, bool *given) ff_must_check;
/* One of the words of a list that ends with NULL; *out becomes its index plus one. */
enum ff_err ff_field_word(const struct ff_fields *fields, const char *name, const char *const *words, uint8_t *out) ff_must_check;

/* An http or https URL, for links. */
enum ff_err ff_field_link(const struct ff_fields *fields, const char *name, struct ff_str *out) ff_must_check;
/* "item": {kind, id, title, url, owner, collection}. */
enum ff_err ff_field_item(const struct ff_fields *fields, struct ff_item *out) ff_must_check;
/* What every endpoint of ours takes beside its own: event_id, item, view_type, view_source, list, position, screen, touch,
 * token; and what only a caller with a key may say: timestamp, client_ip, user_agent. */
struct ff_beacon;
enum ff_err ff_field_extensions(const struct ff_fields *fields, struct ff_beacon *beacon) ff_must_check;

extern const char *const ff_view_types[], *const ff_view_sources[]; /* in the order of their enums */

#endif
