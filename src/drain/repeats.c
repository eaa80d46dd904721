#include "base/day.h"
#include "drain/inside.h"

#include <string.h>

/* A retry comes soon: further apart than this, equal ids are different events. */
#define WINDOW_US FF_US_DAY

enum { KEY_MAX = 4 + 16 };

/* Keys of clients' ids and of imported lines differ in length. */
static struct ff_str
client_key(char key[KEY_MAX], const struct ff_record *r)
{
	memcpy(key, &r->event.site_id, 4);
	memcpy(key + 4, r->event.event_id.b, 16);
	return ff_str_of(key, 20);
}

static struct ff_str
line_key(char key[KEY_MAX], int32_t site_id, int32_t day, int64_t line)
{
	memcpy(key, &site_id, 4);
	memcpy(key + 4, &day, 4);
	memcpy(key + 8, &line, 8);
	return ff_str_of(key, 16);
}

static int64_t
line_of(const struct ff_record *r)
{
	uint64_t line = 0;

	for (int i = 0; i < 8; i++)
		line = line << 8 | r->event.event_id.b[i];
	return (int64_t)line;
}

/* Records to ask the database about, in the order of its arrays. */
struct asked {
	struct ff_array  *sites, *ids, *days;
	struct ff_record **v;
	int64_t           first_us, last_us;
};

static void
asked_init(struct asked *a, struct ff_drain *drain, size_t n, enum ff_array_type type)
{
	a->sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	a->ids = ff_array_new(&drain->scratch, type);
	a->days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	a->v = FF_NEW_N(&drain->scratch, n, struct ff_record *);
	a->first_us = INT64_MAX;
	a->last_us = INT64_MIN;
}

static void
ask(struct asked *a, struct ff_record *r)
{
	a->v[a->sites->n] = r;
	ff_array_put(a->sites, r->event.site_id);
	if (a->ids->type == FF_ARRAY_UUID) {
		ff_array_put_uuid(a->ids, &r->event.event_id);
	} else {
		ff_array_put(a->ids, line_of(r));
		ff_array_put(a->days, ff_day_of_us(r->event.ts_us));
	}
	if (r->event.ts_us < a->first_us)
		a->first_us = r->event.ts_us;
	if (r->event.ts_us > a->last_us)
		a->last_us = r->event.ts_us;
}

static enum ff_err
clients_find(struct ff_drain *drain, struct asked *a)
{
	struct ff_rows rows;
	struct ff_arg  args[4];

	if (a->sites->n == 0)
		return FF_OK;
	args[0] = ff_array_arg(a->sites);
	args[1] = ff_array_arg(a->ids);
	args[2] = ff_arg_time(&drain->scratch, a->first_us - WINDOW_US);
	args[3] = ff_arg_time(&drain->scratch, a->last_us + WINDOW_US);
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_EVENT_REPEATS, args, 4, &rows));
	for (int i = 0; i < rows.n; i++)
		a->v[ff_row_i64(&rows, i, 0) - 1]->fate = FF_FATE_REPEATED;
	return FF_OK;
}

/* Those that the statement does not give back were there before. */
static enum ff_err
imports_add(struct ff_drain *drain, struct asked *a, const struct ff_table *seen)
{
	struct ff_rows rows;
	struct ff_arg  args[3];

	if (a->sites->n == 0)
		return FF_OK;
	args[0] = ff_array_arg(a->sites);
	args[1] = ff_array_arg(a->days);
	args[2] = ff_array_arg(a->ids);
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_IMPORT_ADD, args, 3, &rows));
	if ((uint32_t)rows.n == a->sites->n)
		return FF_OK;
	for (uint32_t i = 0; i < a->sites->n; i++)
		a->v[i]->fate = FF_FATE_REPEATED;
	for (int i = 0; i < rows.n; i++) {
		char     key[KEY_MAX];
		int64_t *place = ff_table_find(seen, line_key(key, (int32_t)ff_row_i64(&rows, i, 0),
		    ff_row_day(&rows, i, 1), ff_row_i64(&rows, i, 2)));

		if (place != NULL)
			a->v[*place]->fate = FF_FATE_STORE;
	}
	return FF_OK;
}

/* The first of equal ones in the batch is asked about, the others are repeats of it. */
static void
sort_out(struct ff_record *r, struct ff_table *seen, struct asked *clients, struct asked *imports)
{
	bool          added, import = (r->event.flags & FF_FLAG_IMPORT) != 0;
	struct asked *a = import ? imports : clients;
	char          key[KEY_MAX];
	struct ff_str k = import ? line_key(key, r->event.site_id, ff_day_of_us(r->event.ts_us), line_of(r)) :
	                           client_key(key, r);

	ff_table_put(seen, k, a->sites->n, &added);
	if (added)
		ask(a, r);
	else
		r->fate = FF_FATE_REPEATED;
}

enum ff_err
ff_drain_repeats(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_table seen;
	struct asked    clients, imports;
	enum ff_err     err;

	ff_table_init(&seen);
	asked_init(&clients, drain, work->n, FF_ARRAY_UUID);
	asked_init(&imports, drain, work->n, FF_ARRAY_I64);
	for (size_t i = 0; i < work->n; i++)
		if ((work->v[i]->event.flags & (FF_FLAG_CLIENT_ID | FF_FLAG_IMPORT)) != 0)
			sort_out(work->v[i], &seen, &clients, &imports);
	err = clients_find(drain, &clients);
	if (err == FF_OK)
		err = imports_add(drain, &imports, &seen);
	ff_table_free(&seen);
	return err;
}
