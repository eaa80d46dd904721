/* logline.h - one line of an access log, Common or Combined Log Format (Apache, nginx).
 *
 * host ident user [dd/Mon/yyyy:hh:mm:ss +zone] "METHOD target PROTOCOL" status bytes ["referer" "user-agent"]
 * \" and \\ and \xhh and \n-like escapes inside quotes are decoded. Trailing fields are ignored; a user agent cut
 * off without its closing quote (loggers cut long lines) is taken as it stands. Pure.
 * Decoded bytes are what the client sent: not checked as UTF-8, U+0000 possible. */
#ifndef FF_FACT_LOGLINE_H
#define FF_FACT_LOGLINE_H

#include "base/err.h"
#include "base/str.h"

struct ff_logline {
	struct ff_str host;
	int64_t       ts_us;
	struct ff_str method, target, protocol; /* a request that is no "METHOD target": method empty, all in target */
	int           status;
	struct ff_str referrer, user_agent; /* "-" becomes empty */
};

/* What an imported line is. Anything but FF_LINE_PAGE is left out, and counted. */
enum ff_line_class { FF_LINE_PAGE, FF_LINE_MALFORMED, FF_LINE_METHOD, FF_LINE_STATUS, FF_LINE_ASSET, FF_LINE_CLASSES };

/* Slices point into line; text with escapes is decoded into arena. FF_INVALID: not such a line. */
enum ff_err ff_logline_parse(struct ff_arena *arena, struct ff_str line, struct ff_logline *out) ff_must_check;
/* Rules, in this order, documented in the manual: GET only; status 200-299 or 304; the extension of the
 * target's path (behind the last '.' of its last segment, before '?' and '#', as written, case-insensitive) is
 * not one of ff_asset_extensions. */
enum ff_line_class ff_logline_class(const struct ff_logline *line);
const char *ff_line_class_name(enum ff_line_class c); /* "page", "malformed", "method", "status", "asset" */
/* The extensions that are no pages, lower case, sorted. */
const char *const *ff_asset_extensions(size_t *n);

#endif
