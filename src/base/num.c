#include "base/num.h"

bool
ff_num_u64(struct ff_str s, uint64_t *out)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned char)s.p[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(n, 10u, &n) || __builtin_add_overflow(n, digit, &n))
			return false;
	}
	*out = n;
	return true;
}

bool
ff_num_i64(struct ff_str s, int64_t *out)
{
	bool     negative = s.len > 0 && s.p[0] == '-';
	uint64_t n;

	if (!ff_num_u64(ff_str_from_pos(s, negative), &n) || n > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

bool
ff_num_range(struct ff_str s, int64_t min, int64_t max, int64_t *out)
{
	int64_t n;

	if (min >= 0 && s.len > 0 && s.p[0] == '-') /* "-0" */
		return false;
	if (!ff_num_i64(s, &n) || n < min || n > max)
		return false;
	*out = n;
	return true;
}

/* A number and one unit letter; no letter means a factor of 1. */
static bool
with_unit(struct ff_str s, const char *units, const int64_t *factors, int64_t *out)
{
	int64_t n, factor = 1;

	if (s.len == 0)
		return false;
	for (size_t i = 0; units[i] != '\0'; i++)
		if ((s.p[s.len - 1] | 0x20) == units[i]) {
			factor = factors[i];
			s.len--;
			break;
		}
	return ff_num_range(s, 0, INT64_MAX, &n) && !__builtin_mul_overflow(n, factor, out);
}

bool
ff_num_size(struct ff_str s, uint64_t *bytes)
{
	static const int64_t factors[] = { 1 << 10, 1 << 20, 1 << 30, INT64_C(1) << 40 };
	int64_t              n;

	if (!with_unit(s, "kmgt", factors, &n))
		return false;
	*bytes = (uint64_t)n;
	return true;
}

bool
ff_num_duration(struct ff_str s, int64_t *seconds)
{
	static const int64_t factors[] = { 1, 60, 3600, 86400, 604800 };

	return with_unit(s, "smhdw", factors, seconds);
}
