/* country.h - ISO 3166-1 alpha-2 codes and their English names. */
#ifndef FF_FACT_COUNTRY_H
#define FF_FACT_COUNTRY_H

#include "base/str.h"

struct ff_country {
	char        code[3];
	const char *name;
};

const struct ff_country *ff_countries(size_t *n);
/* The code itself where it is none that we know ("(not set)", "(other)"). */
struct ff_str ff_country_name(struct ff_str code);

#endif
