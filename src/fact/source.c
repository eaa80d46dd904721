#include "fact/source.h"

#include "fact/domain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SOURCE(key, name, channel) { key, name, FF_CHANNEL_##channel },
#define ALIAS(key, name, channel)
static const struct ff_source_row hosts[] = {
#include "fact/sources.inc"
};
#undef SOURCE
#undef ALIAS

#define SOURCE(key, name, channel)
#define ALIAS(key, name, channel) { key, name, FF_CHANNEL_##channel },
static const struct ff_source_row aliases[] = {
#include "fact/sources.inc"
};
#undef SOURCE
#undef ALIAS

#define N_HOSTS   (sizeof(hosts) / sizeof(hosts[0]))
#define N_ALIASES (sizeof(aliases) / sizeof(aliases[0]))

const struct ff_source_row *
ff_source_hosts(size_t *n)
{
	*n = N_HOSTS;
	return hosts;
}

const struct ff_source_row *
ff_source_aliases(size_t *n)
{
	*n = N_ALIASES;
	return aliases;
}

static int
compare_key(const void *key, const void *row)
{
	return ff_str_cmp(*(const struct ff_str *)key, ff_str_from(((const struct ff_source_row *)row)->key));
}

static bool
table_find(const struct ff_source_row *rows, size_t n, struct ff_str key, struct ff_source *out)
{
	const struct ff_source_row *row = bsearch(&key, rows, n, sizeof(*rows), compare_key);

	if (row == NULL)
		return false;
	*out = (struct ff_source){ ff_str_from(row->name), row->channel };
	return true;
}

/* "mail.yahoo.co.jp", then "mail.yahoo.*". */
static bool
name_find(struct ff_arena *arena, struct ff_str name, struct ff_str suffix, struct ff_source *out)
{
	struct ff_str stem = ff_str_sub(name, 0, name.len - suffix.len);

	if (table_find(hosts, N_HOSTS, name, out))
		return true;
	return suffix.len > 0
	       && table_find(hosts, N_HOSTS, ff_str_printf(arena, "%.*s*", FF_STR_ARG(stem)), out);
}

bool
ff_source_of_host(struct ff_arena *arena, struct ff_str host, struct ff_source *out)
{
	struct ff_str suffix = ff_domain_suffix(arena, host), name = host;

	while (name.len > suffix.len) {
		if (name_find(arena, name, suffix, out))
			return true;
		name = ff_str_from_pos(name, ff_str_find_char(name, '.') + 1);
		if (suffix.len == 0)
			break;
	}
	*out = (struct ff_source){ host, FF_CHANNEL_REFERRAL };
	return false;
}

bool
ff_source_of_app(struct ff_arena *arena, struct ff_str package, struct ff_source *out)
{
	if (table_find(hosts, N_HOSTS, ff_str_printf(arena, "android-app://%.*s", FF_STR_ARG(package)), out))
		return true;
	*out = (struct ff_source){ package, FF_CHANNEL_REFERRAL };
	return false;
}

/* By name and, where names are the same, by place in the table. */
static int
compare_names(const void *a, const void *b)
{
	const struct ff_source_row *x = *(const struct ff_source_row *const *)a, *y = *(const struct ff_source_row *const *)b;
	int                         c = strcasecmp(x->name, y->name);

	return c != 0 ? c : (x > y) - (x < y);
}

/* The hosts by name: most campaigns name none of them, and a thousand comparisons would tell so each time. */
static const struct ff_source_row *const *
rows_by_name(void)
{
	static _Thread_local const struct ff_source_row *rows[N_HOSTS];

	if (rows[0] == NULL) {
		for (size_t i = 0; i < N_HOSTS; i++)
			rows[i] = &hosts[i];
		qsort(rows, N_HOSTS, sizeof(rows[0]), compare_names);
	}
	return rows;
}

/* Small and capital letters are the same. The first host of that name. */
static bool
named_find(const char *name, struct ff_source *out)
{
	const struct ff_source_row *const *rows = rows_by_name();
	size_t                             low = 0, high = N_HOSTS;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcasecmp(rows[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == N_HOSTS || strcasecmp(rows[low]->name, name) != 0)
		return false;
	*out = (struct ff_source){ ff_str_from(rows[low]->name), rows[low]->channel };
	return true;
}

bool
ff_source_of_utm(struct ff_arena *arena, struct ff_str utm_source, struct ff_source *out)
{
	struct ff_str low = ff_str_lower(arena, utm_source);

	if (table_find(aliases, N_ALIASES, low, out))
		return true;
	if (ff_str_find_char(low, '.') < low.len && ff_source_of_host(arena, low, out))
		return true;
	if (named_find(ff_str_z(arena, utm_source), out))
		return true;
	*out = (struct ff_source){ utm_source, FF_CHANNEL_REFERRAL };
	return false;
}
