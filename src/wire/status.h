/* status.h - HTTP's words: reason phrases, dates, entity tags. */
#ifndef FF_WIRE_STATUS_H
#define FF_WIRE_STATUS_H

#include "base/str.h"

enum ff_method { FF_GET, FF_HEAD, FF_POST, FF_PUT, FF_DELETE, FF_OPTIONS, FF_METHOD_OTHER };

const char    *ff_status_phrase(int status); /* "Not Found"; never NULL */
enum ff_method ff_method_parse(struct ff_str s);
const char    *ff_method_name(enum ff_method method);
/* If-None-Match against our strong tag (with quotes); "*" and lists, W/ ignored. An absent tag matches nothing. */
bool ff_etag_match(struct ff_str if_none_match, struct ff_str etag);

#endif
