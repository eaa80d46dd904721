/* print_routes - the route tables behind docs/openapi.yaml, one route a line: method, pattern, guard, parameters. */
#include "room/api/api.h"
#include "room/collect/collect.h"

#include <stdio.h>

static void
print(const struct ff_route *routes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (routes[i].method == FF_OPTIONS) /* CORS' own business */
			continue;
		printf("%s %s %s", ff_method_name(routes[i].method), routes[i].pattern,
		    routes[i].guard == FF_GUARD_OPEN ? "open" : "key");
		for (const struct ff_param *p = routes[i].params; p != NULL && p->name != NULL; p++)
			printf(" %s", p->name);
		putchar('\n');
	}
}

int
main(void)
{
	print(ff_api_routes, ff_api_routes_n);
	print(ff_collect_routes, ff_collect_routes_n);
	return 0;
}
