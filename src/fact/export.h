/* export.h - raw rows out of the house: events, visits or items of a site, as CSV or JSON lines, piece by piece.
 *
 * Rows come in a stable order (time and id), in chunks that are each a statement of its own: between two pieces nothing is
 * open in the database, whoever reads may be as slow as he likes, and every row says in its last column, `cursor`, where to go
 * on. What arrives while an export runs is in it if its place is still ahead. Memory: one chunk, whatever the number of rows.
 *
 * CSV: RFC 4180, a head, cells that spreadsheets would run are escaped (wire/csv.h), absent values are empty. JSON lines: an
 * object a row with the same names; numbers are numbers, absent values null, props an object. */
#ifndef FF_FACT_EXPORT_H
#define FF_FACT_EXPORT_H

#include "base/buf.h"
#include "fact/site.h"

struct ff_db;

enum ff_export_what { FF_EXPORT_EVENTS, FF_EXPORT_VISITS, FF_EXPORT_ITEMS };
enum ff_export_format { FF_EXPORT_CSV, FF_EXPORT_JSONL };

struct ff_export_ask {
	enum ff_export_what   what;
	enum ff_export_format format;
	const struct ff_site *site;
	int64_t               from_us, to_us; /* of events and visits; 0: all that is kept, until now */
	int64_t               now_us;
	struct ff_str         cursor;         /* of the last row that is had; empty: from the beginning */
	int64_t               limit;          /* rows; 0: all */
	bool                  bom;            /* CSV: UTF-8's byte order mark in front, for spreadsheets that want it */
	bool                  continued;      /* appended to earlier rows: no head */
	bool                  robots;         /* events of robots and purged visits too */
	bool                  identities;     /* the columns visitor and viewer, which are pseudonyms */
	/* Only those that match, where not empty: of events kind, name, path and item ("kind/key"); of items kind, owner and
	 * collection. */
	struct ff_str kind, name, path, item, owner, collection;
};

struct ff_export;

/* All slices of the ask are copied. FF_INVALID: a cursor that is none of this kind, an unknown kind, a filter that this export
 * does not have. */
enum ff_err ff_export_open(struct ff_db *db, const struct ff_export_ask *ask, struct ff_export **out, struct ff_fault *fault)
	ff_must_check;
/* Adds rows to out, some 64 KiB; the head before the first. FF_END: nothing was left, out is as it was. */
enum ff_err ff_export_next(struct ff_export *export, struct ff_buf *out) ff_must_check;
void ff_export_close(struct ff_export *export); /* NULL: nothing */

int64_t       ff_export_rows(const struct ff_export *export);   /* so far */
double        ff_export_share(const struct ff_export *export);  /* of the range, 0 to 1; -1 = not known */
struct ff_str ff_export_cursor(const struct ff_export *export); /* of the last row; empty: none yet */
bool          ff_export_more(const struct ff_export *export);   /* ended by its limit, with more behind, perhaps */
const char   *ff_export_type(enum ff_export_format format);     /* Content-Type */

/* One of the host's `places` for exports over HTTP, until it is given back or the session ends. FF_TOO_MANY: none is free. */
enum ff_err ff_export_slot_take(struct ff_db *db, struct ff_arena *arena, int64_t places, int64_t *slot) ff_must_check;
void        ff_export_slot_back(struct ff_db *db, struct ff_arena *arena, int64_t slot);

#endif
