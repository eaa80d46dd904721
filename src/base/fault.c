#include "base/fault.h"

typedef int ff_fault_unit_is_never_empty;

#ifdef FF_FAULTS
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int passed;

int
ff_fault_hit(const char *name)
{
	const char *spec = getenv("FOOTFALL_FAULT");
	char        point[64], action[16];
	int         nth;

	if (spec == NULL || sscanf(spec, "%63[^:]:%d:%15s", point, &nth, action) != 3 || strcmp(point, name) != 0)
		return 0;
	if (atomic_fetch_add(&passed, 1) + 1 != nth)
		return 0;
	fprintf(stderr, "footfall: fault point %s hit for the %d. time: %s\n", name, nth, action);
	if (strcmp(action, "kill") == 0)
		kill(getpid(), SIGKILL);
	else if (strcmp(action, "stop") == 0)
		kill(getpid(), SIGSTOP);
	return strcmp(action, "error") == 0;
}
#endif
