/* ledgerdump.c - prints the ledger: "name count" a line, or the count of one name.
 *
 *   ledgerdump FILE [NAME]      NAME: "received", "in_hand", "robots" or a reason */
#include "fact/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
show(const char *wanted, const char *name, uint64_t count)
{
	if (!wanted)
		printf("%s %" PRIu64 "\n", name, count);
	else if (strcmp(wanted, name) == 0)
		printf("%" PRIu64 "\n", count);
}

int
main(int argc, char **argv)
{
	struct ff_ledger       *ledger;
	struct ff_ledger_counts counts;
	const char             *wanted = argc > 2 ? argv[2] : NULL;

	if (argc < 2 || ff_ledger_open(&ledger, argv[1], 0) != FF_OK)
		return 1;
	ff_ledger_read(ledger, &counts);
	show(wanted, "received", counts.received);
	show(wanted, "in_hand", counts.in_hand);
	show(wanted, "robots", counts.robots);
	for (int i = 0; i < FF_REASON_COUNT; i++)
		show(wanted, ff_reason_name((enum ff_reason)i), counts.by_reason[i]);
	ff_ledger_close(ledger);
	return 0;
}
