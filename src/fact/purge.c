#include "fact/purge.h"

#include "base/day.h"
#include "fact/recount.h"
#include "store/db.h"

struct purging {
	struct ff_db    *db;
	struct ff_arena *arena;
	struct ff_arg    site, id;
};

/* A statement about (site, purge). */
static enum ff_err
step(const struct purging *p, enum ff_stmt stmt, int64_t *affected)
{
	const struct ff_arg args[] = { p->site, p->id };
	struct ff_rows      rows;

	FF_TRY(ff_db_query(p->db, p->arena, stmt, args, 2, &rows));
	if (affected != NULL)
		*affected = rows.affected;
	return FF_OK;
}

static enum ff_err
days_of(const struct purging *p, struct ff_rows *days)
{
	return ff_db_query(p->db, p->arena, FF_STMT_PURGE_DAYS, (struct ff_arg[]){ p->site, p->id }, 2, days);
}

/* The items' counters are of all time: they lose (sign -1) or get back what the marked rows gave them. */
static enum ff_err
recount_counters(const struct purging *p, int sign)
{
	return ff_db_exec(p->db, FF_STMT_PURGE_COUNTERS,
	    (struct ff_arg[]){ p->site, p->id, ff_arg_i64(p->arena, sign) }, 3);
}

static enum ff_err
recount_days(const struct purging *p, int32_t site_id, const struct ff_rows *days)
{
	for (int i = 0; i < days->n; i++)
		FF_TRY(ff_recount_day(p->db, p->arena, site_id, ff_row_day(days, i, 0)));
	if (days->n == 0)
		return FF_OK;
	return ff_recount_months(p->db, p->arena, site_id, ff_row_day(days, 0, 0), ff_row_day(days, days->n - 1, 0));
}

static enum ff_err
lock(struct ff_db *db, struct ff_arena *arena)
{
	struct ff_rows rows;

	return ff_db_query(db, arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows);
}

/* A day of which single visits are forgotten cannot be counted anew. */
static enum ff_err
check_kept(struct ff_db *db, struct ff_arena *arena, const struct ff_purge *purge, struct ff_fault *fault)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, purge->site_id), ff_arg_time(arena, purge->from_us), ff_arg_null() };
	struct ff_rows rows;
	int32_t        since;
	bool           upgraded;
	char           day[11];
	enum ff_err    err;

	err = ff_recount_since(db, arena, purge->site_id, &since, &upgraded);
	if (err == FF_NOT_FOUND)
		return ff_fault_set(fault, FF_INVALID, "from", "is too early: no single visits are kept at all");
	FF_TRY(err);
	args[2] = ff_arg_day(arena, since);
	FF_TRY(ff_db_query(db, arena, FF_STMT_PURGE_LOST, args, 3, &rows));
	if (!ff_row_bool(&rows, 0, 0))
		return FF_OK;
	ff_day_print(since, day);
	return ff_fault_set(fault, FF_INVALID, "from", upgraded
	    ? "must be %s or later: earlier visits are from before an upgrade, and do not hold all that figures are made of"
	    : "must be %s or later: of earlier days only sums are kept", day);
}

static struct ff_arg
text_arg(struct ff_arena *arena, struct ff_str text)
{
	return text.len == 0 ? ff_arg_null() : ff_arg_str(arena, text);
}

static struct ff_arg
number_arg(struct ff_arena *arena, int64_t n)
{
	return n == 0 ? ff_arg_null() : ff_arg_i64(arena, n);
}

static enum ff_err
mark_visits(const struct purging *p, const struct ff_purge_rule *rule, struct ff_purge *purge)
{
	const struct ff_arg args[] = {
		p->site, p->id, ff_arg_time(p->arena, purge->from_us), ff_arg_time(p->arena, purge->to_us),
		text_arg(p->arena, rule->country), text_arg(p->arena, rule->city), text_arg(p->arena, rule->browser),
		text_arg(p->arena, rule->os), text_arg(p->arena, rule->language), text_arg(p->arena, rule->source),
		text_arg(p->arena, rule->referrer), text_arg(p->arena, rule->utm_source), text_arg(p->arena, rule->page),
		number_arg(p->arena, rule->events), number_arg(p->arena, rule->rate),
		rule->unengaged ? ff_arg_bool(true) : ff_arg_null(),
	};
	struct ff_rows rows;

	FF_TRY(ff_db_query(p->db, p->arena, FF_STMT_PURGE_VISITS, args, sizeof args / sizeof *args, &rows));
	purge->visits = rows.affected;
	return FF_OK;
}

enum ff_err
ff_purge_apply(struct ff_db *db, struct ff_arena *arena, const struct ff_purge_rule *rule, struct ff_purge *purge,
    struct ff_fault *fault)
{
	struct purging p = { db, arena, ff_arg_i64(arena, purge->site_id), ff_arg_null() };
	struct ff_rows rows;

	FF_TRY(lock(db, arena));
	FF_TRY(check_kept(db, arena, purge, fault));
	FF_TRY(ff_db_query(db, arena, FF_STMT_PURGE_ADD,
	    (struct ff_arg[]){ p.site, ff_arg_str(arena, purge->text), ff_arg_time(arena, purge->from_us),
	        ff_arg_time(arena, purge->to_us) }, 4, &rows));
	purge->purge_id = ff_row_i64(&rows, 0, 0);
	p.id = ff_arg_i64(arena, purge->purge_id);
	FF_TRY(mark_visits(&p, rule, purge));
	FF_TRY(step(&p, FF_STMT_PURGE_EVENTS, &purge->events));
	FF_TRY(step(&p, FF_STMT_PURGE_WINDOWS, NULL));
	FF_TRY(recount_counters(&p, -1));
	FF_TRY(days_of(&p, &rows));
	FF_TRY(recount_days(&p, purge->site_id, &rows));
	return ff_db_exec(db, FF_STMT_PURGE_DONE,
	    (struct ff_arg[]){ p.site, p.id, ff_arg_i64(arena, purge->visits), ff_arg_i64(arena, purge->events) }, 4);
}

enum ff_err
ff_purge_undo(struct ff_db *db, struct ff_arena *arena, int64_t purge_id, struct ff_purge *out, struct ff_fault *fault)
{
	struct purging p = { db, arena, ff_arg_null(), ff_arg_i64(arena, purge_id) };
	struct ff_rows rows;

	FF_TRY(lock(db, arena));
	FF_TRY(ff_db_query(db, arena, FF_STMT_PURGE_FIND, &p.id, 1, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	if (ff_row_bool(&rows, 0, 2))
		return FF_CONFLICT;
	*out = (struct ff_purge){ .site_id = (int32_t)ff_row_i64(&rows, 0, 0), .purge_id = purge_id };
	p.site = ff_arg_i64(arena, out->site_id);
	FF_TRY(step(&p, FF_STMT_PURGE_BACK, &out->events));
	if (out->events != ff_row_i64(&rows, 0, 1))
		return ff_fault_set(fault, FF_INVALID, "purge", "cannot be undone: its single events are not kept any more");
	FF_TRY(recount_counters(&p, 1));
	FF_TRY(days_of(&p, &rows));
	FF_TRY(step(&p, FF_STMT_PURGE_UNDONE, &out->visits));
	return recount_days(&p, out->site_id, &rows);
}
