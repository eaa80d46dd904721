#include "base/rate.h"

#include "base/num.h"

#define COUNT_MAX 1000000
#define BURST_MAX 1000000
#define SECOND_NS INT64_C(1000000000)

static bool
unit_of(struct ff_str name, int64_t *ns)
{
	if (ff_str_eqz(name, "s"))
		*ns = SECOND_NS;
	else if (ff_str_eqz(name, "m"))
		*ns = 60 * SECOND_NS;
	else if (ff_str_eqz(name, "h"))
		*ns = 3600 * SECOND_NS;
	else
		return false;
	return true;
}

bool
ff_rate_parse(struct ff_str text, struct ff_rate *out)
{
	struct ff_str rest = ff_str_trim(text), word = ff_str_split(&rest, ' ');
	struct ff_str count = ff_str_split(&word, '/');
	int64_t       n, burst, unit;

	*out = (struct ff_rate){ 0 };
	if (ff_str_eqz(count, "off"))
		return word.p == NULL && rest.p == NULL;
	if (!ff_num_range(count, 1, COUNT_MAX, &n) || !unit_of(word, &unit))
		return false;
	burst = n;
	rest = ff_str_trim(rest);
	if (rest.len > 0) {
		if (!ff_str_eqz(ff_str_split(&rest, ' '), "burst") || !ff_num_range(ff_str_trim(rest), 1, BURST_MAX, &burst))
			return false;
	}
	*out = (struct ff_rate){ .interval_ns = (uint64_t)(unit / n), .burst = (uint32_t)burst };
	return true;
}
