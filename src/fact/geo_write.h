/* geo_write.h - a country database in MaxMind's DB format (2.0) from text: what `footfall geo build` does.
 *
 * Text: the format of Tor's geoip and geoip6, free data of the IPFire Location database in Debian: lines
 * "FIRST,LAST,CC", IPv4 addresses as numbers, IPv6 addresses as text, in ascending order without overlap. CC other than
 * two letters ("??") is unknown and left out. The result holds {"country": {"iso_code": "DE"}} for each network; IPv4
 * lies under ::/96, as everywhere. */
#ifndef FF_FACT_GEO_WRITE_H
#define FF_FACT_GEO_WRITE_H

#include "base/buf.h"
#include "fact/net.h"

#include <stdint.h>

struct ff_geo_build;

struct ff_geo_sum {
	size_t ranges, countries, nodes; /* nodes: known after ff_geo_build_write */
};

struct ff_geo_build *ff_geo_build_new(void);
void                 ff_geo_build_free(struct ff_geo_build *build);
/* FF_INVALID: every bad line is logged as "FILE:LINE: why". */
enum ff_err ff_geo_build_read(struct ff_geo_build *build, const char *file, struct ff_str text) ff_must_check;
/* One range of one family, first <= last; later ones win where they overlap. */
void ff_geo_build_add(struct ff_geo_build *build, const struct ff_addr *first, const struct ff_addr *last,
    const char country[2]);
/* The whole file into out. built_s: the age of the data. FF_TOO_LARGE beyond 28 bits of records or out's ceiling. */
enum ff_err ff_geo_build_write(struct ff_geo_build *build, struct ff_str description, int64_t built_s, struct ff_buf *out)
	ff_must_check;
struct ff_geo_sum ff_geo_build_sum(const struct ff_geo_build *build);

#endif
