/* json.h - JSON in (cJSON behind total validation) and out (a writer onto a buffer).
 *
 * cJSON accepts what PostgreSQL and RFC 8259 refuse; so before it the whole text is checked: size (FF_BATCH_MAX),
 * UTF-8, grammar, depth, members of one object (FF_JSON_KEYS_MAX), length of numbers, \u0000 and half surrogate
 * pairs; after it numbers beyond double's range are refused. A key that occurs twice in an object: ff_json_get gives
 * the first, wherever it is asked; iteration shows both. cJSON allocates from the arena. */
#ifndef FF_WIRE_JSON_H
#define FF_WIRE_JSON_H

#include "base/buf.h"

struct ff_json; /* a node; owned by the arena */

enum ff_json_type { FF_JSON_NULL, FF_JSON_BOOL, FF_JSON_NUMBER, FF_JSON_STRING, FF_JSON_ARRAY, FF_JSON_OBJECT };

/* FF_INVALID, or FF_TOO_LARGE for the size, with field "request" and why ("is not valid UTF-8", "is nested deeper
 * than 8", ...). The whole text must be one value: trailing bytes are refused. Why-texts start with a verb, as in
 * all our faults. */
enum ff_err ff_json_parse(struct ff_arena *arena, struct ff_str text, const struct ff_json **out,
    struct ff_fault *fault) ff_must_check;
/* The same, nested up to depth_max: for what has trees in it. Some hundred levels at most: everybody recurses here. */
enum ff_err ff_json_parse_deep(struct ff_arena *arena, struct ff_str text, int depth_max, const struct ff_json **out,
    struct ff_fault *fault) ff_must_check;

enum ff_json_type     ff_json_type(const struct ff_json *node); /* NULL node: FF_JSON_NULL */
const struct ff_json *ff_json_get(const struct ff_json *object, const char *key); /* NULL if absent; exact case */
struct ff_str         ff_json_str(const struct ff_json *node);  /* of a string; else FF_STR_NONE */
bool                  ff_json_bool(const struct ff_json *node); /* true only for true */
double                ff_json_double(const struct ff_json *node);
bool                  ff_json_i64(const struct ff_json *node, int64_t *out); /* a whole number below 2^53 */
size_t                ff_json_count(const struct ff_json *node); /* of an array or object */
/* A scalar as text: a string as it is, true, a number without needless digits; FF_STR_NONE for null, arrays, objects. */
struct ff_str         ff_json_text(struct ff_arena *arena, const struct ff_json *node);
const struct ff_json *ff_json_first(const struct ff_json *node); /* child; then ff_json_next */
const struct ff_json *ff_json_next(const struct ff_json *node);
struct ff_str         ff_json_key(const struct ff_json *member);

/* Writer: commas are its business. Strings should be valid UTF-8 (a bad byte goes out as U+FFFD); <, >, & and
 * U+2028/9 go out as \u escapes so that the text is safe inside HTML. Overflow is the buffer's sticky flag. */
struct ff_json_out {
	struct ff_buf *buf;
	bool           need_comma;
};

void ff_json_out_init(struct ff_json_out *out, struct ff_buf *buf);
void ff_json_object(struct ff_json_out *out);
void ff_json_object_end(struct ff_json_out *out);
void ff_json_array(struct ff_json_out *out);
void ff_json_array_end(struct ff_json_out *out);
void ff_json_put_key(struct ff_json_out *out, const char *key);
void ff_json_put_key_str(struct ff_json_out *out, struct ff_str key);
void ff_json_put_str(struct ff_json_out *out, struct ff_str value);
void ff_json_put_z(struct ff_json_out *out, const char *value); /* NULL: null */
void ff_json_put_i64(struct ff_json_out *out, int64_t value);
void ff_json_put_double(struct ff_json_out *out, double value); /* shortest that reads back; NaN, infinity: null */
void ff_json_put_bool(struct ff_json_out *out, bool value);
void ff_json_put_null(struct ff_json_out *out);
void ff_json_put_raw(struct ff_json_out *out, struct ff_str json); /* already JSON */

#endif
