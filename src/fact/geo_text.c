/* From text to tree. */
#include "base/num.h"
#include "fact/geo_build.h"
#include "fact/text_lines.h"

#include <stdlib.h>
#include <string.h>

struct ff_geo_build *
ff_geo_build_new(void)
{
	struct ff_geo_build *build = ff_xcalloc(1, sizeof(*build));

	ff_geo_tree_init(&build->tree);
	return build;
}

void
ff_geo_build_free(struct ff_geo_build *build)
{
	if (build == NULL)
		return;
	ff_geo_tree_free(&build->tree);
	free(build);
}

struct ff_geo_sum
ff_geo_build_sum(const struct ff_geo_build *build)
{
	struct ff_geo_sum sum = { .ranges = build->ranges, .nodes = build->nodes };

	for (size_t i = 0; i < FF_GEO_CODES; i++)
		sum.countries += build->seen[i];
	return sum;
}

/* Where the tree has it: IPv4 under ::/96. */
static void
place_in_tree(const struct ff_addr *addr, uint8_t out[16])
{
	memcpy(out, addr->b, 16);
	if (ff_addr_is_v4(addr))
		memset(out, 0, 12);
}

void
ff_geo_build_add(struct ff_geo_build *build, const struct ff_addr *first, const struct ff_addr *last, const char country[2])
{
	uint32_t code = (uint32_t)((country[0] - 'A') * 26 + (country[1] - 'A'));
	uint8_t  from[16], to[16];

	place_in_tree(first, from);
	place_in_tree(last, to);
	build->seen[code] = true;
	build->ranges++;
	ff_geo_tree_put(&build->tree, from, to, FF_GEO_LEAF | code);
}

/* "16777216" or "2001:db8::". */
static bool
addr_read(struct ff_str text, struct ff_addr *out)
{
	int64_t number;

	if (ff_str_find_char(text, ':') < text.len)
		return ff_str_find_char(text, '[') == text.len && ff_addr_parse(text, out);
	if (!ff_num_range(text, 0, UINT32_MAX, &number))
		return false;
	*out = (struct ff_addr){ { [10] = 0xff, [11] = 0xff, [12] = (uint8_t)(number >> 24), [13] = (uint8_t)(number >> 16),
	    [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number } };
	return true;
}

static bool
is_country(struct ff_str code)
{
	return code.p[0] >= 'A' && code.p[0] <= 'Z' && code.p[1] >= 'A' && code.p[1] <= 'Z';
}

/* NULL, or why the line in hand is refused. *before: the last address of the line before. */
static const char *
line_read(struct ff_geo_build *build, struct ff_str line, struct ff_addr *before, bool *begun)
{
	struct ff_str  from = ff_str_split(&line, ','), to = ff_str_split(&line, ','), code = ff_str_trim(line);
	struct ff_addr first, last;

	if (!addr_read(ff_str_trim(from), &first) || !addr_read(ff_str_trim(to), &last))
		return "is no range of addresses: FIRST,LAST,CC is wanted";
	if (ff_addr_is_v4(&first) != ff_addr_is_v4(&last) || memcmp(first.b, last.b, 16) > 0)
		return "ends before it begins";
	if (code.len != 2)
		return "names no country of two letters";
	if (*begun && ff_addr_is_v4(before) == ff_addr_is_v4(&first) && memcmp(first.b, before->b, 16) <= 0)
		return "begins within or before the range above";
	*before = last;
	*begun = true;
	if (is_country(code))
		ff_geo_build_add(build, &first, &last, code.p);
	return NULL;
}

enum ff_err
ff_geo_build_read(struct ff_geo_build *build, const char *file, struct ff_str text)
{
	struct ff_lines lines = ff_lines_of(file, text);
	struct ff_addr  before = { { 0 } };
	bool            begun = false;

	while (ff_lines_next(&lines)) {
		const char *why = line_read(build, lines.line, &before, &begun);

		if (why != NULL)
			ff_lines_refuse(&lines, why);
	}
	return ff_lines_end(&lines);
}
