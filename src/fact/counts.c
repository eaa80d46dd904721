#include "base/day.h"
#include "base/limits.h"
#include "fact/query.h"
#include "store/db.h"

static enum ff_err
ask(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int32_t today,
    const struct ff_site_item *items, size_t n, struct ff_rows *rows)
{
	struct ff_str *kinds = FF_NEW_N(arena, n + 1, struct ff_str), *keys = FF_NEW_N(arena, n + 1, struct ff_str);
	struct ff_arg  args[4];

	for (size_t i = 0; i < n; i++) {
		kinds[i] = items[i].kind;
		keys[i] = items[i].key;
	}
	args[0] = ff_arg_i64(arena, site->site_id);
	args[1] = ff_arg_strs(arena, kinds, n);
	args[2] = ff_arg_strs(arena, keys, n);
	args[3] = ff_arg_day(arena, today);
	return ff_db_query(db, arena, FF_STMT_COUNTS_READ, args, 4, rows);
}

static struct ff_count
read_count(const struct ff_rows *rows, int row, int column)
{
	return (struct ff_count){ ff_row_i64(rows, row, column), ff_row_i64(rows, row, column + 1),
		ff_row_i64(rows, row, column + 2) };
}

enum ff_err
ff_counts_get(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, int64_t now_us,
    const struct ff_site_item *items, size_t n, struct ff_counts *out)
{
	const struct ff_zone *zone;
	struct ff_rows        rows;

	if (n > FF_COUNTS_MAX)
		return FF_INVALID;
	FF_TRY(ff_zone_find(ff_str_z(arena, site->time_zone), &zone));
	for (size_t i = 0; i < n; i++)
		out[i] = (struct ff_counts){ 0 };
	FF_TRY(ask(db, arena, site, ff_zone_day(zone, now_us), items, n, &rows));
	for (int r = 0; r < rows.n; r++)
		out[ff_row_i64(&rows, r, 0) - 1] = (struct ff_counts){ .today = ff_row_i64(&rows, r, 1),
			.month = ff_row_i64(&rows, r, 2),
			.total = ff_row_i64(&rows, r, 3),
			.unique = read_count(&rows, r, 4),
			.qualified = read_count(&rows, r, 7),
			.known = true };
	return FF_OK;
}
