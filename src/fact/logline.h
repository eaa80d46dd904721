/* logline.h - one line of an access log, Common or Combined Log Format (Apache, nginx).
 *
 * host ident user [dd/Mon/yyyy:hh:mm:ss +zone] "METHOD target PROTOCOL" status bytes ["referer" "user-agent"]
 * \" and \\ and \xhh escapes inside quotes are decoded. Trailing fields are ignored. Pure. */
#ifndef FF_FACT_LOGLINE_H
#define FF_FACT_LOGLINE_H

#include "base/err.h"
#include "base/str.h"

struct ff_logline {
	struct ff_str host;
	int64_t       ts_us;
	struct ff_str method, target, protocol;
	int           status;
	struct ff_str referrer, user_agent; /* "-" becomes empty */
};

/* What an imported line is. Anything but FF_LINE_PAGE is left out, and counted. */
enum ff_line_class { FF_LINE_PAGE, FF_LINE_MALFORMED, FF_LINE_METHOD, FF_LINE_STATUS, FF_LINE_ASSET, FF_LINE_CLASSES };

/* Decoded text goes to arena. FF_INVALID: not such a line. */
enum ff_err ff_logline_parse(struct ff_arena *arena, struct ff_str line, struct ff_logline *out) ff_must_check;
/* Rules, documented in the manual: GET only; status 200-299 or 304; the path's extension is not one of the
 * asset list (css js png ico ... , case-insensitive). */
enum ff_line_class ff_logline_class(const struct ff_logline *line);
const char *ff_line_class_name(enum ff_line_class c);

#endif
