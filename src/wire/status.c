#include "wire/status.h"

const char *
ff_status_phrase(int status)
{
	static const struct {
		int         status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 206, "Partial Content" },
		{ 301, "Moved Permanently" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 402, "Payment Required" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Status";
}

static const char *const method_names[] = {
	[FF_GET] = "GET",
	[FF_HEAD] = "HEAD",
	[FF_POST] = "POST",
	[FF_PUT] = "PUT",
	[FF_DELETE] = "DELETE",
	[FF_OPTIONS] = "OPTIONS",
	[FF_METHOD_OTHER] = "OTHER",
};

enum ff_method
ff_method_parse(struct ff_str s)
{
	for (enum ff_method m = FF_GET; m < FF_METHOD_OTHER; m++)
		if (ff_str_eqz(s, method_names[m]))
			return m;
	return FF_METHOD_OTHER;
}

const char *
ff_method_name(enum ff_method method)
{
	return method_names[method];
}

/* Takes one entity tag, quotes included and W/ dropped, off *rest; FF_STR_NONE at the end or at nonsense. A comma
 * may stand inside the quotes, so this is no split. */
static struct ff_str
next_tag(struct ff_str *rest)
{
	size_t        end;
	struct ff_str tag;

	while (rest->len > 0 && (rest->p[0] == ',' || rest->p[0] == ' ' || rest->p[0] == '\t'))
		*rest = ff_str_from_pos(*rest, 1);
	if (ff_str_starts(*rest, FF_STR("W/")))
		*rest = ff_str_from_pos(*rest, 2);
	end = ff_str_find_char(ff_str_from_pos(*rest, 1), '"') + 2;
	if (rest->len < end || rest->p[0] != '"')
		return FF_STR_NONE;
	tag = ff_str_sub(*rest, 0, end);
	*rest = ff_str_from_pos(*rest, end);
	return tag;
}

bool
ff_etag_match(struct ff_str if_none_match, struct ff_str etag)
{
	struct ff_str rest = ff_str_trim(if_none_match), tag;

	if (etag.len == 0)
		return false;
	if (ff_str_eqz(rest, "*"))
		return true;
	while ((tag = next_tag(&rest)).p != NULL)
		if (ff_str_eq(tag, etag))
			return true;
	return false;
}
