/* print_routes - the route tables behind docs/openapi.yaml, one route a line: method, pattern, guard, parameters; with
 * --scopes those alone that ask for a key: method, pattern, scope, "narrows" or "whole". */
#include "room/api/api.h"
#include "room/collect/collect.h"

#include <stdio.h>
#include <string.h>

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

static void
print_scopes(const struct ff_route *routes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (routes[i].guard == FF_GUARD_KEY)
			printf("%s %s %s %s\n", ff_method_name(routes[i].method), routes[i].pattern, routes[i].scope,
			    routes[i].narrows ? "narrows" : "whole");
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--scopes") == 0) {
		print_scopes(ff_api_routes, ff_api_routes_n);
		return 0;
	}
	print(ff_api_routes, ff_api_routes_n);
	print(ff_collect_routes, ff_collect_routes_n);
	return 0;
}
