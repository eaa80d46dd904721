#include "fact/userdata.h"

#include "fact/event.h"
#include "fact/viewer.h"
#include "safe/rand.h"
#include "store/db.h"

/* Before anything that is stored. */
#define FIRST_ID "00000000-0000-0000-0000-000000000000"

struct subject {
	struct ff_arg site, viewer, visitor;
	struct ff_uuid id;
	char           text[37];
};

static void
subject_init(struct subject *s, struct ff_arena *arena, const struct ff_site *site, struct ff_str sub)
{
	ff_viewer_id(site->secret, sub, &s->id);
	ff_uuid_print(&s->id, s->text);
	s->site = ff_arg_i64(arena, site->site_id);
	s->viewer = ff_arg_z(s->text);
	s->visitor = ff_arg_i64(arena, (int64_t)ff_viewer_visitor(&s->id));
}

static enum ff_err
export_visits(struct ff_db *db, struct ff_arena *arena, const struct subject *s,
    void (*line)(void *ctx, const char *type, struct ff_str json), void *ctx)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_USERDATA_VISITS, (struct ff_arg[]){ s->site, s->visitor }, 2, &rows));
	for (int i = 0; i < rows.n; i++)
		line(ctx, "visit", ff_row_str(&rows, i, 0));
	return FF_OK;
}

/* A page of events at a time, behind the last one seen. */
static enum ff_err
export_events(struct ff_db *db, const struct subject *s,
    void (*line)(void *ctx, const char *type, struct ff_str json), void *ctx)
{
	struct ff_arena arena;
	struct ff_rows  rows = { .n = 1 };
	int64_t         ts = FF_EVENT_FIRST_US - 1;
	char            id[37] = FIRST_ID;
	enum ff_err     err = FF_OK;

	ff_arena_init(&arena);
	while (err == FF_OK && rows.n > 0) {
		struct ff_uuid last;

		ff_arena_reset(&arena);
		err = ff_db_query(db, &arena, FF_STMT_USERDATA_EVENTS,
		    (struct ff_arg[]){ s->site, s->viewer, ff_arg_time(&arena, ts), ff_arg_z(id) }, 4, &rows);
		for (int i = 0; err == FF_OK && i < rows.n; i++)
			line(ctx, "event", ff_row_str(&rows, i, 2));
		if (err != FF_OK || rows.n == 0)
			break;
		ts = ff_row_us(&rows, rows.n - 1, 0);
		if (!ff_uuid_parse(ff_row_str(&rows, rows.n - 1, 1), &last))
			err = FF_INTERNAL;
		ff_uuid_print(&last, id);
	}
	ff_arena_free(&arena);
	return err;
}

enum ff_err
ff_userdata_export(struct ff_db *db, const struct ff_site *site, struct ff_str sub,
    void (*line)(void *ctx, const char *type, struct ff_str json), void *ctx)
{
	struct ff_arena arena;
	struct subject  s;
	enum ff_err     err;

	ff_arena_init(&arena);
	subject_init(&s, &arena, site, sub);
	err = export_visits(db, &arena, &s, line, ctx);
	if (err == FF_OK)
		err = export_events(db, &s, line, ctx);
	ff_arena_free(&arena);
	return err;
}

static enum ff_err
erase(struct ff_db *db, struct ff_arena *arena, enum ff_stmt stmt, const struct ff_arg *args, size_t n, int64_t *out)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, stmt, args, n, &rows));
	*out = rows.affected;
	return FF_OK;
}

enum ff_err
ff_userdata_erase(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_str sub,
    struct ff_erased *out)
{
	struct subject s;
	struct ff_rows rows;
	struct ff_arg  bytes, stranger;
	uint64_t       random;

	subject_init(&s, arena, site, sub);
	bytes = ff_arg_bytes(s.id.b, sizeof s.id.b);
	ff_random(&random, sizeof random);
	stranger = ff_arg_i64(arena, (int64_t)(random >> 1 | 1));
	FF_TRY(ff_db_query(db, arena, FF_STMT_FIGURES_LOCK, NULL, 0, &rows));
	FF_TRY(ff_db_exec(db, FF_STMT_USERDATA_REFUSE, (struct ff_arg[]){ s.site, s.viewer }, 2));
	FF_TRY(erase(db, arena, FF_STMT_USERDATA_VISITS_ERASE, (struct ff_arg[]){ s.site, s.visitor, stranger }, 3, &out->visits));
	FF_TRY(ff_db_exec(db, FF_STMT_USERDATA_WINDOWS_ERASE, (struct ff_arg[]){ s.site, s.visitor, stranger }, 3));
	FF_TRY(erase(db, arena, FF_STMT_USERDATA_EVENTS_ERASE, (struct ff_arg[]){ s.site, s.visitor, stranger }, 3, &out->events));
	return erase(db, arena, FF_STMT_USERDATA_QUARANTINE_ERASE, &bytes, 1, &out->quarantined);
}
