/* geo.h - address -> country (region, city where the database has them), from any MMDB file. */
#ifndef FF_FACT_GEO_H
#define FF_FACT_GEO_H

#include "fact/net.h"

struct ff_geo;

struct ff_place {
	char          country[2]; /* {0,0} = unknown; "??", EU, AP are unknown */
	struct ff_str region, city; /* English names, in the arena */
};

/* path "" = no database: every place is unknown, FF_OK. */
enum ff_err ff_geo_open(struct ff_geo **geo, const char *path) ff_must_check;
void        ff_geo_free(struct ff_geo *geo);
void ff_geo_find(const struct ff_geo *geo, struct ff_arena *arena, const struct ff_addr *addr, struct ff_place *out);

#endif
