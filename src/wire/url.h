/* url.h - URLs as clients send them (WHATWG in spirit, http-like schemes only in practice). Pure slices. */
#ifndef FF_WIRE_URL_H
#define FF_WIRE_URL_H

#include "base/err.h"
#include "base/str.h"

struct ff_url {
	struct ff_str scheme;   /* lower case, without ':' */
	struct ff_str host;     /* lower case, without port, brackets kept; empty = none */
	struct ff_str port;     /* digits or empty */
	struct ff_str path;     /* raw, starts with '/' or empty */
	struct ff_str query;    /* raw, without '?' */
	struct ff_str fragment; /* raw, without '#' */
};

/* Absolute ("https://h/p?q#f", "android-app://x/") or path-only ("/p?q"; "//p" too is a path). White space around
 * it and userinfo are dropped. FF_INVALID for bytes below 0x21 inside, a bad port or host, http without a host, and
 * schemes without "//" (mailto:, javascript:, about:). Slices point into text or the arena. */
enum ff_err ff_url_parse(struct ff_arena *arena, struct ff_str text, struct ff_url *out) ff_must_check;
/* Percent-decoding; '+' stays. Invalid escapes stay as they are; the result is cleaned to valid UTF-8 without
 * control characters (ff_utf8_clean). */
struct ff_str ff_url_decode(struct ff_arena *arena, struct ff_str text);
/* Appends text with everything but unreserved characters percent-encoded (RFC 3986). */
struct ff_buf;
void ff_url_encode(struct ff_buf *out, struct ff_str text);
/* Lower case, without "www.", trailing dot and port: how sites and hosts are compared. "www.com" stays whole: what
 * is left must still hold a dot. */
struct ff_str ff_url_host_bare(struct ff_arena *arena, struct ff_str host);

#endif
