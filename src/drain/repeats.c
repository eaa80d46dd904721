#include "base/day.h"
#include "drain/inside.h"

#include <stdlib.h>
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

/* Records to ask the database about. */
struct asked {
	struct ff_record **v;
	size_t             n;
};

static void
window_add(const struct ff_record *r, int64_t *from, int64_t *to)
{
	if (r->event.ts_us - WINDOW_US < *from)
		*from = r->event.ts_us - WINDOW_US;
	if (r->event.ts_us + WINDOW_US > *to)
		*to = r->event.ts_us + WINDOW_US;
}

static int
by_site(const void *a, const void *b)
{
	const struct ff_record *x = *(struct ff_record *const *)a, *y = *(struct ff_record *const *)b;

	if (x->event.site_id != y->event.site_id)
		return x->event.site_id < y->event.site_id ? -1 : 1;
	return memcmp(x->event.event_id.b, y->event.event_id.b, sizeof x->event.event_id.b);
}

/* Those of one site: v[0..n), by id. */
static enum ff_err
clients_find_some(struct ff_drain *drain, struct ff_record **v, size_t n)
{
	struct ff_array *ids = ff_array_new(&drain->scratch, FF_ARRAY_UUID);
	int64_t          from = INT64_MAX, to = INT64_MIN;
	struct ff_rows   rows;
	size_t           at = 0;

	for (size_t i = 0; i < n; i++) {
		ff_array_put_uuid(ids, &v[i]->event.event_id);
		window_add(v[i], &from, &to);
	}
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_EVENT_REPEATS,
	    (struct ff_arg[]){ ff_arg_i64(&drain->scratch, v[0]->event.site_id), ff_array_arg(ids),
	        ff_arg_time(&drain->scratch, from), ff_arg_time(&drain->scratch, to) }, 4, &rows));
	for (int i = 0; i < rows.n; i++) { /* in the same order */
		struct ff_uuid id;

		if (!ff_uuid_parse(ff_row_str(&rows, i, 0), &id))
			return FF_INTERNAL;
		while (at < n && memcmp(v[at]->event.event_id.b, id.b, sizeof id.b) < 0)
			at++;
		if (at < n && memcmp(v[at]->event.event_id.b, id.b, sizeof id.b) == 0)
			v[at]->fate = FF_FATE_REPEATED;
	}
	return FF_OK;
}

static enum ff_err
clients_find(struct ff_drain *drain, const struct asked *a)
{
	for (size_t i = 0, end; i < a->n; i = end) {
		for (end = i + 1; end < a->n && a->v[end]->event.site_id == a->v[i]->event.site_id; end++)
			;
		FF_TRY(clients_find_some(drain, &a->v[i], end - i));
	}
	return FF_OK;
}

/* Rows of the oldest day that is kept, and of earlier ones, may go before a retry comes: their ids are kept aside. */
static enum ff_err
olds_add(struct ff_drain *drain, const struct asked *a)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *ids = ff_array_new(&drain->scratch, FF_ARRAY_UUID);
	struct ff_rows   rows;

	for (size_t i = 0; i < a->n; i++) {
		ff_array_put(sites, a->v[i]->event.site_id);
		ff_array_put_uuid(ids, &a->v[i]->event.event_id);
		a->v[i]->fate = FF_FATE_REPEATED;
	}
	if (a->n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_TOLD_ADD,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(ids) }, 2, &rows));
	for (int i = 0; i < rows.n; i++) { /* those that are new */
		struct ff_record   like = { .event.site_id = (int32_t)ff_row_i64(&rows, i, 0) }, *key = &like;
		struct ff_record **r = NULL;

		if (ff_uuid_parse(ff_row_str(&rows, i, 1), &like.event.event_id))
			r = bsearch(&key, a->v, a->n, sizeof *a->v, by_site);
		if (r == NULL)
			return FF_INTERNAL;
		(*r)->fate = FF_FATE_STORE;
	}
	return FF_OK;
}

/* Those of the oldest day that is kept are asked about in both places: it may have been another yesterday. */
static enum ff_err
clients_ask(struct ff_drain *drain, struct asked *a)
{
	struct asked kept = { FF_NEW_N(&drain->scratch, a->n, struct ff_record *), 0 };
	struct asked olds = { FF_NEW_N(&drain->scratch, a->n, struct ff_record *), 0 };

	if (a->n > 0)
		qsort(a->v, a->n, sizeof *a->v, by_site);
	for (size_t i = 0; i < a->n; i++)
		if (ff_day_of_us(a->v[i]->event.ts_us) >= a->v[i]->site->kept.raw_from)
			kept.v[kept.n++] = a->v[i];
	FF_TRY(clients_find(drain, &kept));
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i]->fate == FF_FATE_STORE && ff_day_of_us(a->v[i]->event.ts_us) <= a->v[i]->site->kept.raw_from)
			olds.v[olds.n++] = a->v[i];
	return olds_add(drain, &olds);
}

/* Those that the statement does not give back were there before. */
static enum ff_err
imports_add(struct ff_drain *drain, struct asked *a, const struct ff_table *seen)
{
	struct ff_array *sites = ff_array_new(&drain->scratch, FF_ARRAY_I32);
	struct ff_array *days = ff_array_new(&drain->scratch, FF_ARRAY_DAY);
	struct ff_array *lines = ff_array_new(&drain->scratch, FF_ARRAY_I64);
	struct ff_rows   rows;

	for (size_t i = 0; i < a->n; i++) {
		ff_array_put(sites, a->v[i]->event.site_id);
		ff_array_put(days, ff_day_of_us(a->v[i]->event.ts_us));
		ff_array_put(lines, line_of(a->v[i]));
		a->v[i]->fate = FF_FATE_REPEATED;
	}
	if (a->n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_IMPORT_ADD,
	    (struct ff_arg[]){ ff_array_arg(sites), ff_array_arg(days), ff_array_arg(lines) }, 3, &rows));
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

	ff_table_put(seen, k, (int64_t)a->n, &added);
	if (added)
		a->v[a->n++] = r;
	else
		r->fate = FF_FATE_REPEATED;
}

enum ff_err
ff_drain_repeats(struct ff_drain *drain, struct ff_work *work)
{
	struct ff_table seen;
	struct asked    clients = { FF_NEW_N(&drain->scratch, work->n, struct ff_record *), 0 };
	struct asked    imports = { FF_NEW_N(&drain->scratch, work->n, struct ff_record *), 0 };
	enum ff_err     err;

	ff_table_init(&seen);
	for (size_t i = 0; i < work->n; i++)
		if ((work->v[i]->event.flags & (FF_FLAG_CLIENT_ID | FF_FLAG_IMPORT)) != 0)
			sort_out(work->v[i], &seen, &clients, &imports);
	err = clients_ask(drain, &clients);
	if (err == FF_OK)
		err = imports_add(drain, &imports, &seen);
	ff_table_free(&seen);
	return err;
}
