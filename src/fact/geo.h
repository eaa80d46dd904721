/* geo.h - address -> country (region, city where the database has them), from any MMDB file.
 *
 * Read are country.iso_code (GeoLite2 and its kin), country_code or country as text (free country files), else
 * registered_country.iso_code; the first subdivision's and the city's English name, or region and city as text. */
#ifndef FF_FACT_GEO_H
#define FF_FACT_GEO_H

#include "fact/net.h"

struct ff_geo;

struct ff_place {
	char          country[2]; /* {0,0} = unknown; what is no country (EU, AP, ZZ, XX, "??") is unknown too */
	struct ff_str region, city; /* valid UTF-8, at most FF_GEO_NAME_MAX bytes, in the arena; "" = unknown */
};

#define FF_GEO_NAME_MAX 200

/* path "" or NULL = no database: every place is unknown, FF_OK. FF_NOT_FOUND, FF_CORRUPT: logged. The file stays
 * mapped: replace it by renaming, never in place. The path is kept, not copied. */
enum ff_err ff_geo_open(struct ff_geo **geo, const char *path) ff_must_check;
void        ff_geo_free(struct ff_geo *geo);
/* Opens the file again if it was replaced; cheap enough for once a second. One that cannot be read is logged once and
 * the old one serves on. */
void ff_geo_refresh(struct ff_geo *geo);
void ff_geo_find(const struct ff_geo *geo, struct ff_arena *arena, const struct ff_addr *addr, struct ff_place *out);

/* What the database says of itself. False: there is none. Texts live until the next refresh. */
struct ff_geo_about {
	struct ff_str type, description;
	int64_t       built_s; /* since 1970 */
};

bool ff_geo_about(const struct ff_geo *geo, struct ff_geo_about *out);

#endif
