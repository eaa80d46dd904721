#include "fact/export.h"

#include "base/day.h"
#include "base/num.h"
#include "base/uuid.h"
#include "fact/export_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK     1000
#define PIECE     (64 * 1024)
/* Events and visits are asked for by stretches of time, as long as bring about a chunk: without an index on their order the
 * database reads and sorts one stretch at a time. */
#define SPAN_MIN  FF_US_S
#define SPAN_MAX  FF_US_DAY
#define SPAN      (600 * FF_US_S)

/* A place in the order: behind this row. */
struct place {
	int64_t us;       /* of events and visits */
	char    id[40];   /* UUID or number */
	bool    given;
};

struct ff_export {
	struct ff_db        *db;
	struct ff_arena      kept, chunk; /* what the ask says; the rows at hand */
	struct ff_site       site;
	struct ff_export_ask ask;
	struct ff_rows       rows;
	int                  row;
	struct place         after;
	int64_t              at_us, span_us; /* the stretch that comes next */
	int64_t              told;           /* rows */
	int32_t              today;
	bool                 begun, over;
	char                 cursor[72];
};

static const char letters[] = { [FF_EXPORT_EVENTS] = 'e', [FF_EXPORT_VISITS] = 'v', [FF_EXPORT_ITEMS] = 'i' };

/* e<us>.<uuid>, v<us>.<number>, i<number> */
static bool
cursor_read(struct ff_export *x, struct ff_str text)
{
	struct ff_uuid uuid;
	int64_t        number;
	struct ff_str  id = ff_str_from_pos(text, 1), us;

	if (text.len < 2 || text.len >= sizeof x->cursor || text.p[0] != letters[x->ask.what])
		return false;
	if (x->ask.what != FF_EXPORT_ITEMS) {
		us = ff_str_split(&id, '.');
		if (!ff_num_range(us, 0, FF_US_DAY * 4000000, &x->after.us))
			return false;
	}
	if (x->ask.what == FF_EXPORT_EVENTS ? !ff_uuid_parse(id, &uuid) : !ff_num_range(id, 0, INT64_MAX, &number))
		return false;
	snprintf(x->after.id, sizeof x->after.id, "%.*s", FF_STR_ARG(id));
	x->after.given = true;
	return true;
}

static void
cursor_write(struct ff_export *x)
{
	if (x->ask.what == FF_EXPORT_ITEMS)
		snprintf(x->cursor, sizeof x->cursor, "i%s", x->after.id);
	else
		snprintf(x->cursor, sizeof x->cursor, "%c%lld.%s", letters[x->ask.what], (long long)x->after.us, x->after.id);
}

/* The place of a row: its order is in column 0, its id by what it is. */
static void
place_of(struct ff_export *x, const struct ff_rows *rows, int row, struct place *out)
{
	int column = x->ask.what == FF_EXPORT_EVENTS ? 2 : x->ask.what == FF_EXPORT_VISITS ? 3 : 0;

	out->us = ff_row_i64(rows, row, 0);
	snprintf(out->id, sizeof out->id, "%.*s", FF_STR_ARG(ff_row_str(rows, row, column)));
	out->given = true;
}

static struct ff_arg
text_arg(struct ff_export *x, struct ff_str text)
{
	return ff_arg_str(&x->chunk, text.len > 0 ? text : FF_STR_NONE);
}

static struct ff_str
item_part(struct ff_export *x, bool key)
{
	size_t slash = ff_str_find_char(x->ask.item, '/');

	if (x->ask.item.len == 0)
		return FF_STR_NONE;
	if (slash == x->ask.item.len)
		return key ? x->ask.item : x->site.default_kind;
	return key ? ff_str_from_pos(x->ask.item, slash + 1) : ff_str_sub(x->ask.item, 0, slash);
}

static enum ff_err
ask_rows(struct ff_export *x, int64_t to_us, int64_t n)
{
	int64_t       kind = ff_export_kind(x->ask.kind);
	bool          events = x->ask.what == FF_EXPORT_EVENTS;
	struct ff_arg args[12] = { ff_arg_i64(&x->chunk, x->site.site_id), ff_arg_time(&x->chunk, x->at_us),
		ff_arg_time(&x->chunk, to_us), x->after.given ? ff_arg_time(&x->chunk, x->after.us) : ff_arg_null(),
		x->after.given ? ff_arg_z(x->after.id) : ff_arg_null(), ff_arg_i64(&x->chunk, n),
		ff_arg_i64(&x->chunk, x->ask.robots), kind == 0 ? ff_arg_null() : ff_arg_i64s(&x->chunk, &kind, 1),
		text_arg(x, x->ask.name), text_arg(x, x->ask.path), text_arg(x, item_part(x, false)),
		text_arg(x, item_part(x, true)) };

	return ff_db_query(x->db, &x->chunk, events ? FF_STMT_EXPORT_EVENTS : FF_STMT_EXPORT_VISITS, args, events ? 12 : 7,
	    &x->rows);
}

static enum ff_err
ask_items(struct ff_export *x, int64_t n)
{
	struct ff_arg args[7] = { ff_arg_i64(&x->chunk, x->site.site_id), ff_arg_z(x->after.given ? x->after.id : "0"),
		ff_arg_i64(&x->chunk, n), ff_arg_day(&x->chunk, x->today), text_arg(x, x->ask.kind), text_arg(x, x->ask.owner),
		text_arg(x, x->ask.collection) };

	FF_TRY(ff_db_query(x->db, &x->chunk, FF_STMT_EXPORT_ITEMS, args, 7, &x->rows));
	x->over = x->rows.n < n;
	return FF_OK;
}

/* The stretch is shortened where it held more than a chunk, and made longer where it held little. */
static void
advance(struct ff_export *x, int64_t end_us, int64_t n)
{
	struct place last;

	if (x->rows.n == n) {
		place_of(x, &x->rows, x->rows.n - 1, &last);
		x->at_us = last.us;
		x->span_us = x->span_us / 2 > SPAN_MIN ? x->span_us / 2 : SPAN_MIN;
		return;
	}
	x->at_us = end_us;
	if (x->rows.n <= n / 4)
		x->span_us = x->span_us * 2 < SPAN_MAX ? x->span_us * 2 : SPAN_MAX;
	x->over = x->at_us >= x->ask.to_us;
}

/* The next chunk that is not empty; FF_END. */
static enum ff_err
fetch(struct ff_export *x)
{
	int64_t left = x->ask.limit == 0 ? CHUNK : x->ask.limit - x->told, n = left < CHUNK ? left : CHUNK;

	x->row = 0;
	x->rows.n = 0;
	while (!x->over && n > 0 && x->rows.n == 0) {
		int64_t end_us = x->at_us + x->span_us < x->ask.to_us ? x->at_us + x->span_us : x->ask.to_us;

		ff_arena_reset(&x->chunk);
		if (x->ask.what == FF_EXPORT_ITEMS) {
			FF_TRY(ask_items(x, n));
			continue;
		}
		FF_TRY(ask_rows(x, end_us, n));
		advance(x, end_us, n);
	}
	return x->rows.n > 0 ? FF_OK : FF_END;
}

static void
put_rows(struct ff_export *x, struct ff_buf *out)
{
	size_t began = out->len;

	for (; x->row < x->rows.n && out->len - began < PIECE; x->row++) {
		place_of(x, &x->rows, x->row, &x->after);
		cursor_write(x);
		ff_export_put_row(out, &ff_export_sheets[x->ask.what], &x->ask, &x->rows, x->row, ff_str_from(x->cursor));
		x->told++;
	}
}

enum ff_err
ff_export_next(struct ff_export *x, struct ff_buf *out)
{
	bool begun = x->begun;

	if (!begun) {
		ff_export_put_head(out, &ff_export_sheets[x->ask.what], &x->ask);
		x->begun = true;
	}
	if (x->row >= x->rows.n) {
		enum ff_err err = fetch(x);

		if (err == FF_END && !begun && out->len > 0)
			return FF_OK; /* a head without rows */
		FF_TRY(err);
	}
	put_rows(x, out);
	return FF_OK;
}

static enum ff_err
check_filters(const struct ff_export_ask *ask, struct ff_fault *fault)
{
	bool events = ask->what == FF_EXPORT_EVENTS, items = ask->what == FF_EXPORT_ITEMS;
	const struct {
		const char   *name;
		struct ff_str value;
		bool          taken;
	} filters[] = { { "kind", ask->kind, events || items }, { "name", ask->name, events }, { "path", ask->path, events },
		{ "item", ask->item, events }, { "owner", ask->owner, items }, { "collection", ask->collection, items } };

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (filters[i].value.len > 0 && !filters[i].taken)
			return ff_fault_set(fault, FF_INVALID, filters[i].name, "does not filter this export");
	if (events && ask->kind.len > 0 && ff_export_kind(ask->kind) == 0)
		return ff_fault_set(fault, FF_INVALID, "kind", "is no kind of event");
	return FF_OK;
}

/* From the first day that is kept on, where nobody says otherwise. */
static enum ff_err
find_range(struct ff_export *x)
{
	const struct ff_zone *zone;
	struct ff_rows        rows;

	FF_TRY(ff_zone_find(ff_str_z(&x->kept, x->site.time_zone), &zone));
	x->today = ff_zone_day(zone, x->ask.now_us);
	/* Clocks of clients may be ahead; farther on there is nothing, and a day is a statement. */
	if (x->ask.to_us == 0 || x->ask.to_us > x->ask.now_us + FF_US_DAY)
		x->ask.to_us = x->ask.now_us + FF_US_DAY;
	x->at_us = x->ask.from_us;
	if (x->ask.what == FF_EXPORT_ITEMS)
		return FF_OK;
	FF_TRY(ff_db_query(x->db, &x->chunk, FF_STMT_EXPORT_FIRST, NULL, 0, &rows));
	if (ff_row_null(&rows, 0, 0))
		x->over = true;
	else if (x->at_us < (ff_row_day(&rows, 0, 0) - 1) * FF_US_DAY)
		x->at_us = (ff_row_day(&rows, 0, 0) - 1) * FF_US_DAY;
	x->ask.from_us = x->at_us;
	if (x->after.given && x->after.us > x->at_us)
		x->at_us = x->after.us;
	x->over = x->over || x->at_us >= x->ask.to_us;
	return FF_OK;
}

static void
keep(struct ff_export *x, const struct ff_export_ask *ask)
{
	struct ff_str *texts[] = { &x->ask.kind, &x->ask.name, &x->ask.path, &x->ask.item, &x->ask.owner, &x->ask.collection };

	x->ask = *ask;
	x->site = *ask->site;
	x->ask.site = &x->site;
	x->site.time_zone = ff_str_dup(&x->kept, x->site.time_zone);
	x->site.default_kind = ff_str_dup(&x->kept, x->site.default_kind);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = ff_str_dup(&x->kept, *texts[i]);
}

enum ff_err
ff_export_open(struct ff_db *db, const struct ff_export_ask *ask, struct ff_export **out, struct ff_fault *fault)
{
	struct ff_export *x;
	enum ff_err       err = check_filters(ask, fault);

	FF_TRY(err);
	x = ff_xcalloc(1, sizeof *x);
	x->db = db;
	x->span_us = SPAN;
	ff_arena_init(&x->kept);
	ff_arena_init(&x->chunk);
	keep(x, ask);
	if (ask->cursor.len > 0 && !cursor_read(x, ask->cursor))
		err = ff_fault_set(fault, FF_INVALID, "cursor", "is none of this export");
	if (err == FF_OK)
		err = find_range(x);
	if (err != FF_OK) {
		ff_export_close(x);
		x = NULL;
	}
	*out = x;
	return err;
}

void
ff_export_close(struct ff_export *x)
{
	if (x == NULL)
		return;
	ff_arena_free(&x->chunk);
	ff_arena_free(&x->kept);
	free(x);
}

int64_t
ff_export_rows(const struct ff_export *x)
{
	return x->told;
}

double
ff_export_share(const struct ff_export *x)
{
	int64_t whole = x->ask.to_us - x->ask.from_us;

	return x->ask.what == FF_EXPORT_ITEMS || whole <= 0 ? -1 : (double)(x->at_us - x->ask.from_us) / (double)whole;
}

struct ff_str
ff_export_cursor(const struct ff_export *x)
{
	return ff_str_from(x->cursor);
}

bool
ff_export_more(const struct ff_export *x)
{
	return x->ask.limit > 0 && x->told == x->ask.limit;
}

const char *
ff_export_type(enum ff_export_format format)
{
	return format == FF_EXPORT_CSV ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8";
}

static struct ff_arg
host_arg(struct ff_arena *arena)
{
	char host[256] = "";

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	return ff_arg_str(arena, ff_str_from(host));
}

enum ff_err
ff_export_slot_take(struct ff_db *db, struct ff_arena *arena, int64_t places, int64_t *slot)
{
	struct ff_arg  args[2] = { host_arg(arena), ff_arg_i64(arena, places) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_EXPORT_SLOT, args, 2, &rows));
	if (rows.n == 0)
		return FF_TOO_MANY;
	*slot = ff_row_i64(&rows, 0, 0);
	return FF_OK;
}

/* A connection that was lost has given it back already. */
void
ff_export_slot_back(struct ff_db *db, struct ff_arena *arena, int64_t slot)
{
	struct ff_arg  args[2] = { host_arg(arena), ff_arg_i64(arena, slot) };
	struct ff_rows rows;

	if (ff_db_query(db, arena, FF_STMT_EXPORT_SLOT_BACK, args, 2, &rows) != FF_OK)
		ff_db_clear_error(db);
}
