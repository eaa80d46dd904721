/* str.h - slices: a pointer and a length into bytes that somebody else owns. Never NUL-terminated by
 * promise; ff_str_z makes a C string for the edge of a library. An absent value is {NULL, 0}. */
#ifndef FF_BASE_STR_H
#define FF_BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct ff_str {
	const char *p;
	size_t      len;
};

#define FF_STR(literal)      ((struct ff_str){ "" literal, sizeof(literal) - 1 })
#define FF_STR_INIT(literal) { "" literal, sizeof(literal) - 1 } /* for static tables */
#define FF_STR_NONE          ((struct ff_str){ NULL, 0 })
#define FF_STR_ARG(s)        (int)(s).len, (s).p ? (s).p : "" /* for "%.*s" */

/* NULL gives FF_STR_NONE. */
static inline struct ff_str
ff_str_from(const char *z)
{
	return (struct ff_str){ z, z == NULL ? 0 : strlen(z) };
}

static inline struct ff_str
ff_str_of(const char *p, size_t len)
{
	return (struct ff_str){ p, len };
}

/* Here and not in str.c, because tables of names are searched with it: most end at the length. */
static inline bool
ff_str_eq(struct ff_str a, struct ff_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool
ff_str_eqz(struct ff_str a, const char *z)
{
	return ff_str_eq(a, ff_str_from(z));
}

bool ff_str_eq_nocase(struct ff_str a, struct ff_str b); /* ASCII */
int  ff_str_cmp(struct ff_str a, struct ff_str b);       /* bytes, like memcmp */
bool ff_str_starts(struct ff_str s, struct ff_str prefix);
bool ff_str_starts_nocase(struct ff_str s, struct ff_str prefix);
bool ff_str_ends(struct ff_str s, struct ff_str suffix);
/* Position of the first occurrence, or s.len + 0 as "not there": test with < s.len. */
size_t ff_str_find(struct ff_str s, struct ff_str needle);
size_t ff_str_find_char(struct ff_str s, char c);
size_t ff_str_rfind_char(struct ff_str s, char c);
bool   ff_str_contains_nocase(struct ff_str s, struct ff_str needle);
struct ff_str ff_str_sub(struct ff_str s, size_t from, size_t len); /* clamped */
struct ff_str ff_str_from_pos(struct ff_str s, size_t from);        /* the tail, clamped */
struct ff_str ff_str_trim(struct ff_str s);                         /* ASCII white space */
/* Cuts *rest at the next c: returns the part before, *rest becomes the part behind (FF_STR_NONE at the
 * end). Loop: while (rest.p) { part = ff_str_split(&rest, ','); ... } */
struct ff_str ff_str_split(struct ff_str *rest, char c);

/* Exactly n ASCII letters in any case, as codes of countries and currencies are: upper case into out. */
bool ff_str_letters(struct ff_str s, char *out, size_t n);

struct ff_str ff_str_dup(struct ff_arena *arena, struct ff_str s);
struct ff_str ff_str_lower(struct ff_arena *arena, struct ff_str s); /* ASCII copy */
char *ff_str_z(struct ff_arena *arena, struct ff_str s);             /* NUL-terminated copy; "" if absent */
struct ff_str ff_str_printf(struct ff_arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint64_t ff_str_hash(struct ff_str s); /* FNV-1a with a final mix: for tables in memory only */

#endif
