#include "fact/text_lines.h"

#include "base/log.h"

#define SHOWN 10

struct ff_lines
ff_lines_of(const char *file, struct ff_str text)
{
	/* Editors of some systems begin a file with a byte order mark. */
	return (struct ff_lines){
		.file = file,
		.rest = ff_str_starts(text, FF_STR("\xef\xbb\xbf")) ? ff_str_from_pos(text, 3) : text,
	};
}

bool
ff_lines_next(struct ff_lines *lines)
{
	while (lines->rest.p != NULL) {
		struct ff_str line = ff_str_split(&lines->rest, '\n');

		lines->number++;
		lines->line = ff_str_trim(ff_str_sub(line, 0, ff_str_find_char(line, '#')));
		if (lines->line.len > 0)
			return true;
	}
	return false;
}

void
ff_lines_refuse(struct ff_lines *lines, const char *why)
{
	struct ff_str shown = ff_str_sub(lines->line, 0, 80);

	if (lines->bad++ < SHOWN)
		ff_error("list", "%s:%zu: %s: %.*s", lines->file, lines->number, why, FF_STR_ARG(shown));
}

enum ff_err
ff_lines_end(const struct ff_lines *lines)
{
	if (lines->bad == 0)
		return FF_OK;
	ff_error("list", "%s: %zu lines refused: the file is not used", lines->file, lines->bad);
	return FF_INVALID;
}

size_t
ff_lines_count(struct ff_str text)
{
	size_t n = 0;

	while (text.p != NULL) {
		(void)ff_str_split(&text, '\n');
		n++;
	}
	return n;
}
