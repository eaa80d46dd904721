/* zone_print - what base/day.h makes of instants, for the test that compares it with another program's calendar.
 *
 * Reads lines "ZONE US US ..." and prints for each instant one line "HOUR DAY START": the instant at which its local hour began,
 * its local day, and the instant at which that day began. A zone that is not known: "?" once. */
#include "base/day.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void
print_instant(const struct ff_zone *zone, int64_t us)
{
	int32_t day = ff_zone_day(zone, us);

	printf("%" PRId64 " %" PRId32 " %" PRId64 "\n", ff_zone_hour(zone, us), day, ff_zone_day_start(zone, day));
}

static bool
print_line(struct ff_arena *arena, struct ff_str line)
{
	const struct ff_zone *zone;
	int64_t               us;

	if (ff_zone_find(ff_str_z(arena, ff_str_split(&line, ' ')), &zone) != FF_OK) {
		puts("?");
		return true;
	}
	while (line.p != NULL) {
		if (!ff_num_i64(ff_str_split(&line, ' '), &us))
			return false;
		print_instant(zone, us);
	}
	return true;
}

int
main(void)
{
	struct ff_arena arena;
	char           *line = NULL;
	size_t          size = 0;
	ssize_t         len;
	bool            good = true;

	ff_arena_init(&arena);
	while (good && (len = getline(&line, &size, stdin)) > 0) {
		good = print_line(&arena, ff_str_trim(ff_str_of(line, (size_t)len)));
		ff_arena_reset(&arena);
	}
	free(line);
	ff_arena_free(&arena);
	return good ? 0 : 2;
}
