/* geo_build.h - what the two halves of the country database's maker share: reading (geo_text.c), writing (geo_write.c). */
#ifndef FF_FACT_GEO_BUILD_H
#define FF_FACT_GEO_BUILD_H

#include "fact/geo_tree.h"
#include "fact/geo_write.h"

#define FF_GEO_CODES (26 * 26)

struct ff_geo_build {
	struct ff_geo_tree tree;
	size_t             ranges, nodes;
	unsigned           record;             /* 28: wide records though narrow ones would do */
	bool               seen[FF_GEO_CODES]; /* countries by their code: leaf number */
};

#endif
