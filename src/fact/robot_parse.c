/* The text of the operator's lists, sorted for the binary search. */
#include "base/limits.h"
#include "fact/robot_lists.h"
#include "fact/text_lines.h"
#include "wire/url.h"

#include <stdlib.h>
#include <string.h>

static int
addr_cmp(const struct ff_addr *a, const struct ff_addr *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

static int
range_cmp(const void *a, const void *b)
{
	return addr_cmp(&((const struct ff_range *)a)->first, &((const struct ff_range *)b)->first);
}

static int
host_cmp(const void *a, const void *b)
{
	return ff_str_cmp(*(const struct ff_str *)a, *(const struct ff_str *)b);
}

static struct ff_range
range_of(const struct ff_cidr *cidr)
{
	struct ff_range range = { cidr->addr, cidr->addr };

	for (unsigned bit = cidr->bits; bit < 128; bit++)
		range.last.b[bit / 8] |= (uint8_t)(0x80U >> bit % 8);
	return range;
}

/* Ranges of CIDR blocks lie apart or one in the other: what begins inside the one before is inside it. */
static void
ranges_settle(struct ff_ranges *ranges)
{
	size_t n = 0;

	if (ranges->n == 0)
		return;
	qsort(ranges->v, ranges->n, sizeof(ranges->v[0]), range_cmp);
	for (size_t i = 1; i < ranges->n; i++) {
		if (addr_cmp(&ranges->v[i].first, &ranges->v[n].last) > 0)
			ranges->v[++n] = ranges->v[i];
		else if (addr_cmp(&ranges->v[i].last, &ranges->v[n].last) > 0)
			ranges->v[n].last = ranges->v[i].last;
	}
	ranges->n = n + 1;
}

enum ff_err
ff_ranges_parse(struct ff_arena *arena, const char *file, struct ff_str text, struct ff_ranges *out)
{
	struct ff_lines lines = ff_lines_of(file, text);
	struct ff_arena scratch;

	*out = (struct ff_ranges){ .v = FF_NEW_N(arena, ff_lines_count(text), struct ff_range) };
	ff_arena_init(&scratch);
	while (ff_lines_next(&lines)) {
		struct ff_cidrs one;

		if (ff_cidrs_parse(&scratch, lines.line, &one, NULL) == FF_OK && one.n == 1 && !one.unix_peer)
			out->v[out->n++] = range_of(&one.v[0]);
		else
			ff_lines_refuse(&lines, "is no address or CIDR block");
		ff_arena_reset(&scratch);
	}
	ff_arena_free(&scratch);
	ranges_settle(out);
	return ff_lines_end(&lines);
}

bool
ff_ranges_match(const struct ff_ranges *ranges, const struct ff_addr *addr)
{
	size_t low = 0, high = ranges->n; /* all below low begin at or before addr, all from high on behind it */

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_cmp(&ranges->v[middle].first, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && addr_cmp(addr, &ranges->v[low - 1].last) <= 0;
}

static bool
is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* What a referrer can hold: a name with a dot in it, international ones in their ASCII form ("xn--..."). */
static bool
host_is_fit(struct ff_str host)
{
	if (host.len == 0 || host.len > FF_HOST_MAX || host.p[0] == '.' || ff_str_find_char(host, '.') == host.len)
		return false;
	for (size_t i = 0; i < host.len; i++)
		if (!is_host_char(host.p[i]) || (host.p[i] == '.' && i > 0 && host.p[i - 1] == '.'))
			return false;
	return true;
}

enum ff_err
ff_hosts_parse(struct ff_arena *arena, const char *file, struct ff_str text, struct ff_hosts *out)
{
	struct ff_lines lines = ff_lines_of(file, text);

	*out = (struct ff_hosts){ .v = FF_NEW_N(arena, ff_lines_count(text), struct ff_str) };
	while (ff_lines_next(&lines)) {
		struct ff_str host = ff_url_host_bare(arena, lines.line);

		if (ff_str_find_char(lines.line, ':') == lines.line.len && host_is_fit(host))
			out->v[out->n++] = host;
		else
			ff_lines_refuse(&lines, "is no host name (international names in their xn-- form)");
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(out->v[0]), host_cmp);
	return ff_lines_end(&lines);
}

bool
ff_hosts_match(const struct ff_hosts *hosts, struct ff_str host)
{
	for (; host.len > 0; host = ff_str_from_pos(host, ff_str_find_char(host, '.') + 1))
		if (hosts->n > 0 && bsearch(&host, hosts->v, hosts->n, sizeof(hosts->v[0]), host_cmp) != NULL)
			return true;
	return false;
}
