/* Any bytes as a line of an access log: it is refused, or its fields lie in the line or are not longer than it. */
#include "base/day.h"
#include "fact/logline.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/logline.h is broken");
}

static bool
within(struct ff_str field, size_t size)
{
	size_t zeros = 0;

	for (size_t i = 0; i < field.len; i++) /* reads every byte, for the address sanitizer */
		zeros += field.p[i] == '\0';
	return field.p != NULL && field.len <= size && zeros <= size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ff_arena arena;
	struct ff_logline      line;

	if (ff_logline_parse(&arena, ff_str_of((const char *)data, size), &line) == FF_OK) {
		must(within(line.host, size) && line.host.len > 0);
		must(within(line.method, size) && within(line.target, size) && within(line.protocol, size));
		must(within(line.referrer, size) && within(line.user_agent, size));
		must(line.status >= 100 && line.status <= 999);
		must(line.ts_us > -80 * 366 * FF_US_DAY && line.ts_us < 8200 * 366 * FF_US_DAY);
		must(ff_line_class_name(ff_logline_class(&line))[0] != '\0');
	}
	ff_arena_reset(&arena);
	return 0;
}
