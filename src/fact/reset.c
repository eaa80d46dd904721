#include "fact/reset.h"

#include "base/day.h"
#include "fact/audit.h"
#include "fact/content.h"
#include "store/db.h"

/* Rows in one transaction: short enough that the drain hardly waits. */
#define AT_ONCE 5000

struct reset {
	struct ff_db              *db;
	struct ff_arena           *arena;
	const struct ff_site      *site;
	const struct ff_site_item *item;
	struct ff_str              actor;
	bool                       month;
	int32_t                    today;
	int64_t                    now_us, after, n;
};

static enum ff_err
note(const struct reset *r)
{
	struct ff_str what = r->item == NULL ? FF_STR("all items")
	    : ff_str_printf(r->arena, "%.*s/%.*s", FF_STR_ARG(r->item->kind), FF_STR_ARG(r->item->key));

	return ff_audit_add(r->db, r->arena, r->actor, r->month ? "counters.reset-month" : "counters.reset-day",
	    r->site->site_id, what);
}

static enum ff_err
some(struct reset *r, int64_t *done)
{
	struct ff_arg  args[] = { ff_arg_i64(r->arena, r->site->site_id), ff_arg_day(r->arena, r->today),
		ff_arg_i64(r->arena, r->month), ff_arg_str(r->arena, r->item == NULL ? FF_STR_NONE : r->item->kind),
		ff_arg_str(r->arena, r->item == NULL ? FF_STR_NONE : r->item->key), ff_arg_i64(r->arena, r->after),
		ff_arg_i64(r->arena, AT_ONCE), ff_arg_time(r->arena, r->now_us) };
	struct ff_rows rows;

	/* A purge that runs meanwhile knows only the resets before it. */
	FF_TRY(ff_db_query(r->db, r->arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows));
	if (r->after == 0)
		FF_TRY(note(r));
	FF_TRY(ff_db_query(r->db, r->arena, FF_STMT_COUNTER_RESET, args, sizeof args / sizeof *args, &rows));
	r->n += ff_row_i64(&rows, 0, 0);
	*done = ff_row_i64(&rows, 0, 1);
	r->after = ff_row_i64(&rows, 0, 2);
	return FF_OK;
}

enum ff_err
ff_counters_reset(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, bool month,
    const struct ff_site_item *item, struct ff_str actor, int64_t now_us, int64_t *n)
{
	struct reset             r = { db, arena, site, item, actor, month, 0, now_us, 0, 0 };
	const struct ff_zone    *zone;
	struct ff_content_stored stored;
	int64_t                  done;

	FF_TRY(ff_zone_find(ff_str_z(arena, site->time_zone), &zone));
	r.today = ff_zone_day(zone, now_us);
	if (item != NULL)
		FF_TRY(ff_content_find(db, arena, site->site_id, item->kind, item->key, &stored));
	do {
		FF_TRY(ff_tx_begin(db));
		FF_TRY(ff_tx_end(db, some(&r, &done)));
	} while (done == AT_ONCE);
	*n = r.n;
	return FF_OK;
}
