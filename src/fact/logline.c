#include "fact/logline.h"

#include "base/day.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

/* What a page loads, machine-readable files and downloads: no page anybody looked at. */
static const char *const assets[] = {
	"7z", "aac", "apk", "asc", "atom", "avi", "avif", "bin", "bmp", "br", "bz2", "cab", "class", "css", "csv",
	"cur", "deb", "dmg", "doc", "docx", "dtd", "eot", "eps", "epub", "exe", "flac", "gif", "gz", "ico", "ics",
	"iso", "jar", "jpeg", "jpg", "js", "json", "jsonld", "jxl", "less", "m3u8", "m4a", "m4s", "m4v", "map",
	"md5", "mid", "midi", "mjs", "mkv", "mov", "mp3", "mp4", "mpd", "mpeg", "mpg", "msi", "odp", "ods", "odt",
	"ogg", "ogv", "opus", "otf", "pdf", "pgp", "pkg", "png", "ppt", "pptx", "ps", "rar", "rpm", "rss", "rtf",
	"scss", "sha1", "sha256", "sha512", "sig", "svg", "svgz", "swf", "tar", "tgz", "tif", "tiff", "torrent",
	"ts", "ttf", "txt", "vtt", "wasm", "wav", "webm", "webmanifest", "webp", "wma", "wmv", "woff", "woff2",
	"xls", "xlsx", "xml", "xsd", "xsl", "xz", "zip", "zst",
};
#define N_ASSETS  (sizeof(assets) / sizeof(assets[0]))
#define ASSET_MAX 11 /* "webmanifest" */

static const char *const class_names[FF_LINE_CLASSES] = { "page", "malformed", "method", "status", "asset" };

/* Two digits, or -1. */
static int
two_digits(const char *p)
{
	unsigned a = (unsigned)(p[0] - '0'), b = (unsigned)(p[1] - '0');

	return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

static int
month_number(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(names + 3 * i, p, 3) == 0)
			return i + 1;
	return 0;
}

/* "17/May/2015": days since 1970, or INT32_MIN. */
static int32_t
date_parse(const char *p)
{
	int            century = two_digits(p + 7), year = two_digits(p + 9);
	struct ff_date date = { century * 100 + year, month_number(p + 3), two_digits(p) };

	if (p[2] != '/' || p[6] != '/' || century < 19 || year < 0 || date.month == 0 || date.day < 1)
		return INT32_MIN;
	if (date.day > ff_month_length(date.year, date.month))
		return INT32_MIN;
	return ff_day_from_date(date);
}

/* "10:05:03", a leap second included; seconds of the day, or -1. */
static int
clock_parse(const char *p)
{
	int hour = two_digits(p), minute = two_digits(p + 3), second = two_digits(p + 6);

	if (p[2] != ':' || p[5] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -1;
	return second < 0 || second > 60 ? -1 : hour * 3600 + minute * 60 + second;
}

/* "+0200": seconds east of UTC. */
static bool
offset_parse(const char *p, int *seconds)
{
	int hour = two_digits(p + 1), minute = two_digits(p + 3);

	if ((p[0] != '+' && p[0] != '-') || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*seconds = (p[0] == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
	return true;
}

/* "17/May/2015:10:05:03 +0000", 26 bytes. */
static bool
stamp_parse(const char *p, int64_t *us)
{
	int32_t day = date_parse(p);
	int     second = clock_parse(p + 12), offset = 0;

	if (day == INT32_MIN || p[11] != ':' || second < 0 || p[20] != ' ' || !offset_parse(p + 21, &offset))
		return false;
	*us = day * FF_US_DAY + (int64_t)(second - offset) * FF_US_S;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape at p (a backslash) before end: writes its byte, returns the bytes read. An unknown one stays. */
static size_t
unescape_one(const char *p, const char *end, char *out)
{
	static const char from[] = "\"\\nrtbfv", to[] = "\"\\\n\r\t\b\f\v";
	const char       *known;

	*out = *p;
	if (end - p < 2)
		return 1;
	if (p[1] == 'x' && end - p >= 4 && hex_digit(p[2]) >= 0 && hex_digit(p[3]) >= 0) {
		*out = (char)(hex_digit(p[2]) << 4 | hex_digit(p[3]));
		return 4;
	}
	known = p[1] == '\0' ? NULL : strchr(from, p[1]);
	if (known == NULL)
		return 1;
	*out = to[known - from];
	return 2;
}

static struct ff_str
unescape(struct ff_arena *arena, struct ff_str raw)
{
	char  *out = ff_alloc(arena, raw.len);
	size_t n = 0;

	for (size_t i = 0; i < raw.len;) {
		if (raw.p[i] == '\\')
			i += unescape_one(raw.p + i, raw.p + raw.len, &out[n++]);
		else
			out[n++] = raw.p[i++];
	}
	return ff_str_of(out, n);
}

/* The quoted text that *rest begins with; *rest moves behind it. False: no quote here, or no end of it. */
static bool
take_quoted(struct ff_arena *arena, struct ff_str *rest, struct ff_str *out)
{
	size_t from = 1, end;
	bool   escaped = false;

	if (rest->len == 0 || rest->p[0] != '"')
		return false;
	for (;;) {
		size_t back;

		end = from + ff_str_find_char(ff_str_from_pos(*rest, from), '"');
		if (end == rest->len)
			return false;
		back = from + ff_str_find_char(ff_str_sub(*rest, from, end - from), '\\');
		if (back == end)
			break;
		escaped = true;
		from = back + 2;
		if (from > rest->len)
			return false;
	}
	*out = ff_str_sub(*rest, 1, end - 1);
	if (escaped)
		*out = unescape(arena, *out);
	*rest = ff_str_from_pos(*rest, end + 1);
	return true;
}

/* Loggers cut long lines: the last field may have lost its closing quote. */
static bool
take_cut_quoted(struct ff_arena *arena, struct ff_str *rest, struct ff_str *out)
{
	if (rest->len == 0 || rest->p[0] != '"')
		return false;
	*out = unescape(arena, ff_str_from_pos(*rest, 1));
	return true;
}

static bool
take_space(struct ff_str *rest)
{
	if (rest->len == 0 || rest->p[0] != ' ')
		return false;
	*rest = ff_str_from_pos(*rest, 1);
	return true;
}

static struct ff_str
dash_is_empty(struct ff_str s)
{
	return s.len == 1 && s.p[0] == '-' ? FF_STR("") : s;
}

/* A target may hold spaces of careless clients: the protocol is the last word, if it is one. */
static void
split_request(struct ff_str request, struct ff_logline *out)
{
	size_t method = ff_str_find_char(request, ' '), last = ff_str_rfind_char(request, ' ');

	out->method = out->protocol = FF_STR("");
	out->target = request;
	if (method == 0 || method == request.len)
		return;
	out->method = ff_str_sub(request, 0, method);
	out->target = ff_str_from_pos(request, method + 1);
	if (last > method && ff_str_starts(ff_str_from_pos(request, last + 1), FF_STR("HTTP/"))) {
		out->target = ff_str_sub(request, method + 1, last - method - 1);
		out->protocol = ff_str_from_pos(request, last + 1);
	}
}

/* "host ident user [stamp] " */
static bool
take_head(struct ff_str *rest, struct ff_logline *out)
{
	size_t space = ff_str_find_char(*rest, ' '), open = ff_str_find(*rest, FF_STR(" ["));

	if (space == 0 || space >= open || rest->len - open < 30)
		return false;
	out->host = ff_str_sub(*rest, 0, space);
	if (!stamp_parse(rest->p + open + 2, &out->ts_us) || rest->p[open + 28] != ']')
		return false;
	*rest = ff_str_from_pos(*rest, open + 29);
	return take_space(rest);
}

/* "200 1234" or "304 -", to the end of the line or a space. */
static bool
take_status(struct ff_str *rest, struct ff_logline *out)
{
	struct ff_str status = ff_str_split(rest, ' '), bytes = ff_str_split(rest, ' ');
	int64_t       n;
	uint64_t      size;

	if (status.len != 3 || !ff_num_range(status, 100, 999, &n))
		return false;
	out->status = (int)n;
	return ff_str_eqz(bytes, "-") || ff_num_u64(bytes, &size);
}

enum ff_err
ff_logline_parse(struct ff_arena *arena, struct ff_str line, struct ff_logline *out)
{
	struct ff_str rest = line, request;

	while (rest.len > 0 && (rest.p[rest.len - 1] == '\n' || rest.p[rest.len - 1] == '\r'))
		rest.len--;
	*out = (struct ff_logline){ .referrer = FF_STR(""), .user_agent = FF_STR("") };
	if (!take_head(&rest, out) || !take_quoted(arena, &rest, &request) || !take_space(&rest))
		return FF_INVALID;
	split_request(request, out);
	if (!take_status(&rest, out))
		return FF_INVALID;
	if (rest.len == 0 || rest.p[0] != '"') /* Common Log Format */
		return FF_OK;
	if (!take_quoted(arena, &rest, &out->referrer) || !take_space(&rest))
		return FF_INVALID;
	if (!take_quoted(arena, &rest, &out->user_agent) && !take_cut_quoted(arena, &rest, &out->user_agent))
		return FF_INVALID;
	out->referrer = dash_is_empty(out->referrer);
	out->user_agent = dash_is_empty(out->user_agent);
	return FF_OK;
}

static int
asset_compare(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static bool
is_asset(struct ff_str target)
{
	struct ff_str path = ff_str_sub(target, 0, ff_str_find_char(target, '#'));
	struct ff_str ext;
	char          z[ASSET_MAX + 1] = { 0 };
	size_t        dot;

	path = ff_str_sub(path, 0, ff_str_find_char(path, '?'));
	dot = ff_str_rfind_char(path, '.');
	ext = ff_str_from_pos(path, dot + 1);
	if (dot == path.len || ext.len == 0 || ext.len > ASSET_MAX)
		return false;
	for (size_t i = 0; i < ext.len; i++)
		z[i] = (char)(ext.p[i] >= 'A' && ext.p[i] <= 'Z' ? ext.p[i] | 0x20 : ext.p[i]);
	return bsearch(z, assets, N_ASSETS, sizeof(assets[0]), asset_compare) != NULL;
}

enum ff_line_class
ff_logline_class(const struct ff_logline *line)
{
	if (!ff_str_eqz(line->method, "GET"))
		return FF_LINE_METHOD;
	if ((line->status < 200 || line->status > 299) && line->status != 304)
		return FF_LINE_STATUS;
	return is_asset(line->target) ? FF_LINE_ASSET : FF_LINE_PAGE;
}

const char *
ff_line_class_name(enum ff_line_class c)
{
	return (size_t)c < FF_LINE_CLASSES ? class_names[c] : "";
}

const char *const *
ff_asset_extensions(size_t *n)
{
	*n = N_ASSETS;
	return assets;
}
