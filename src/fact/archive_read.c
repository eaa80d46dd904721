/* archive_read.c - rows out of a part, its check, and their way back. */
#include "base/log.h"
#include "fact/archive_inside.h"
#include "fact/viewer.h"
#include "safe/rand.h"
#include "store/db.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

#define ROW_MAX (4 * 1024 * 1024)
#define ROWS_AT_ONCE 500
#define BYTES_AT_ONCE (4 * 1024 * 1024)

/* ---- rows of a file ---- */

enum ff_err
ff_archive_reader_open(struct ff_archive_reader *r, const char *path)
{
	r->gz = gzopen(path, "rbe");
	r->at = r->len = r->n = 0;
	ff_buf_init(&r->buf, ROW_MAX);
	return r->gz == NULL ? FF_IO : FF_OK;
}

void
ff_archive_reader_close(struct ff_archive_reader *r)
{
	if (r->gz != NULL)
		gzclose(r->gz);
	ff_buf_free(&r->buf);
}

enum { END = -1, BROKEN = -2 };

static int
peek(struct ff_archive_reader *r)
{
	int n;

	if (r->at < r->len)
		return (unsigned char)r->block[r->at];
	n = gzread(r->gz, r->block, sizeof r->block);
	if (n < 0 || (n == 0 && !gzeof(r->gz)))
		return BROKEN;
	r->at = 0;
	r->len = (size_t)n;
	return n == 0 ? END : (unsigned char)r->block[0];
}

/* Behind the opening quote, up to and with the closing one. */
static bool
read_quoted(struct ff_archive_reader *r)
{
	for (int c; (c = peek(r)) >= 0; ff_buf_char(&r->buf, (char)c)) {
		r->at++;
		if (c != '"')
			continue;
		if (peek(r) != '"')
			return true;
		r->at++;
	}
	return false;
}

static bool
read_cell(struct ff_archive_reader *r)
{
	size_t from = r->buf.len;
	bool   quoted = peek(r) == '"';
	int    c;

	if (r->n == FF_ARCHIVE_COLUMNS_MAX)
		return false;
	if (quoted) {
		r->at++;
		if (!read_quoted(r))
			return false;
	} else {
		while ((c = peek(r)) >= 0 && c != ',' && c != '\r' && c != '\n') {
			ff_buf_char(&r->buf, (char)c);
			r->at++;
		}
	}
	r->null[r->n] = !quoted && r->buf.len == from;
	r->ends[r->n++] = r->buf.len;
	return !r->buf.overflow;
}

enum ff_err
ff_archive_reader_next(struct ff_archive_reader *r)
{
	ff_buf_clear(&r->buf);
	r->n = 0;
	if (peek(r) == END)
		return FF_END;
	for (;;) {
		if (!read_cell(r))
			return FF_CORRUPT;
		if (peek(r) != ',')
			break;
		r->at++;
	}
	if (peek(r) != '\r')
		return FF_CORRUPT;
	r->at++;
	if (peek(r) != '\n')
		return FF_CORRUPT;
	r->at++;
	return FF_OK;
}

struct ff_str
ff_archive_reader_cell(const struct ff_archive_reader *r, size_t i)
{
	size_t from = i == 0 ? 0 : r->ends[i - 1];

	if (r->null[i])
		return FF_STR_NONE;
	return r->ends[i] == from ? FF_STR("") : ff_str_of(r->buf.p + from, r->ends[i] - from);
}

static bool
header_is(const struct ff_archive_reader *r, const char *const *columns)
{
	size_t n = 0;

	while (columns[n] != NULL && n < r->n && ff_str_eqz(ff_archive_reader_cell(r, n), columns[n]))
		n++;
	return n == r->n && columns[n] == NULL;
}

/* ---- its check ---- */

static enum ff_err
count_rows(struct ff_archive_reader *r, const struct ff_archive_shape *shape, int64_t *n)
{
	enum ff_err err = ff_archive_reader_next(r);

	if (err != FF_OK || !header_is(r, shape->columns))
		return FF_CORRUPT;
	for (*n = 0; (err = ff_archive_reader_next(r)) == FF_OK; ++*n)
		;
	return err == FF_END ? FF_OK : err;
}

static enum ff_err
verify_file(struct ff_arena *arena, const struct ff_archive *archive, enum ff_archive_table t, struct ff_fault *why)
{
	const char                  *path = ff_archive_file_path(arena, archive->dir, t);
	const struct ff_archive_file *want = &archive->files[t];
	struct ff_archive_reader    *r = ff_xcalloc(1, sizeof *r);
	struct ff_archive_file       is = { 0 };
	enum ff_err                  err = ff_archive_sum(path, &is);

	if (err != FF_OK)
		err = ff_fault_set(why, FF_CORRUPT, "file", "%s cannot be read", path);
	else if (is.bytes != want->bytes || strcmp(is.sha256, want->sha256) != 0)
		err = ff_fault_set(why, FF_CORRUPT, "file", "%s is not as it was written: %lld bytes of %lld, SHA-256 %.16s...",
		    path, (long long)is.bytes, (long long)want->bytes, is.sha256);
	if (err == FF_OK) {
		err = ff_archive_reader_open(r, path);
		if (err == FF_OK)
			err = count_rows(r, &ff_archive_shapes[t], &is.rows);
		if (err != FF_OK || is.rows != want->rows)
			err = ff_fault_set(why, FF_CORRUPT, "file", "%s holds other rows than its manifest says", path);
		ff_archive_reader_close(r);
	}
	free(r);
	return err;
}

enum ff_err
ff_archive_verify(struct ff_arena *arena, const struct ff_archive *archive, struct ff_fault *why)
{
	for (int t = 0; t < FF_ARCHIVE_TABLES; t++)
		FF_TRY(verify_file(arena, archive, (enum ff_archive_table)t, why));
	return FF_OK;
}

/* ---- back into the tables ---- */

struct restore {
	struct ff_db                  *db;
	const struct ff_archive_shape *shape;
	struct ff_arena                arena, rows; /* of the part, and of some rows */
	struct ff_arg                  site, erased, stranger;
	struct ff_str                 *lines;
	size_t                         n, bytes;
};

static struct ff_str
line_of(struct restore *to, const struct ff_archive_reader *r)
{
	struct ff_buf      buf;
	struct ff_json_out out;
	struct ff_str      line;

	ff_buf_init(&buf, 2 * ROW_MAX);
	ff_json_out_init(&out, &buf);
	ff_json_object(&out);
	for (size_t i = 0; i < r->n; i++) {
		struct ff_str cell = ff_archive_reader_cell(r, i);

		if (cell.p == NULL)
			continue;
		ff_json_put_key(&out, to->shape->columns[i]);
		ff_json_put_str(&out, cell);
	}
	ff_json_object_end(&out);
	line = ff_str_dup(&to->rows, ff_buf_view(&buf));
	ff_buf_free(&buf);
	return line;
}

static struct ff_arg
labels_of(struct restore *to)
{
	struct ff_str names[FF_ARCHIVE_COLUMNS_MAX];
	size_t        n = 0;

	while (to->shape->labels[n] != NULL) {
		names[n] = ff_str_from(to->shape->labels[n]);
		n++;
	}
	return ff_arg_strs(&to->rows, names, n);
}

static enum ff_err
send(struct restore *to)
{
	struct ff_arg lines = ff_arg_strs(&to->rows, to->lines, to->n);

	if (to->n == 0)
		return FF_OK;
	FF_TRY(ff_db_exec(to->db, FF_STMT_RESTORE_LABELS, (struct ff_arg[]){ to->site, lines, labels_of(to) }, 3));
	FF_TRY(ff_db_exec(to->db, FF_STMT_RESTORE_ITEMS, (struct ff_arg[]){ to->site, lines }, 2));
	FF_TRY(ff_db_exec(to->db, to->shape->restore, (struct ff_arg[]){ to->site, lines, to->erased, to->stranger }, 4));
	ff_arena_reset(&to->rows);
	to->n = to->bytes = 0;
	return FF_OK;
}

static enum ff_err
restore_rows(struct restore *to, struct ff_archive_reader *r)
{
	enum ff_err err = ff_archive_reader_next(r);

	if (err != FF_OK || !header_is(r, to->shape->columns))
		return FF_CORRUPT;
	to->n = to->bytes = 0;
	while ((err = ff_archive_reader_next(r)) == FF_OK) {
		to->lines[to->n] = line_of(to, r);
		to->bytes += to->lines[to->n++].len;
		if (to->n == ROWS_AT_ONCE || to->bytes > BYTES_AT_ONCE)
			FF_TRY(send(to));
	}
	return err == FF_END ? send(to) : err;
}

static enum ff_err
restore_file(struct restore *to, const struct ff_archive *archive, enum ff_archive_table t)
{
	struct ff_archive_reader *r = ff_xcalloc(1, sizeof *r);
	enum ff_err               err = ff_archive_reader_open(r, ff_archive_file_path(&to->arena, archive->dir, t));

	to->shape = &ff_archive_shapes[t];
	if (err == FF_OK)
		err = restore_rows(to, r);
	ff_archive_reader_close(r);
	free(r);
	return err;
}

/* Who asked for erasure comes back as nobody. */
static enum ff_err
erased_load(struct restore *to)
{
	struct ff_rows rows;
	int64_t       *v;
	uint64_t       random;

	FF_TRY(ff_db_query(to->db, &to->arena, FF_STMT_RESTORE_ERASED, &to->site, 1, &rows));
	v = FF_NEW_N(&to->arena, (size_t)rows.n, int64_t);
	for (int i = 0; i < rows.n; i++) {
		struct ff_uuid viewer;

		if (!ff_uuid_parse(ff_row_str(&rows, i, 0), &viewer))
			return FF_INTERNAL;
		v[i] = (int64_t)ff_viewer_visitor(&viewer);
	}
	ff_random(&random, sizeof random);
	to->erased = ff_arg_i64s(&to->arena, v, (size_t)rows.n);
	to->stranger = ff_arg_i64(&to->arena, (int64_t)(random >> 1 | 1));
	return FF_OK;
}

static enum ff_err
restore_part(struct restore *to, const struct ff_archive *archive, int64_t seconds, enum ff_restored *out)
{
	struct ff_arg  args[4] = { to->site, ff_arg_day(&to->arena, archive->day), ff_arg_i64(&to->arena, archive->part),
		 ff_arg_i64(&to->arena, seconds) };
	struct ff_rows rows;

	FF_TRY(ff_db_exec(to->db, FF_STMT_DRAIN_LOCK, NULL, 0));
	FF_TRY(ff_db_query(to->db, &to->arena, FF_STMT_RESTORE_FIND, args, 4, &rows));
	*out = rows.n > 0 ? FF_RESTORED_BEFORE : FF_RESTORED;
	if (rows.n > 0)
		return FF_OK;
	FF_TRY(erased_load(to));
	for (int t = 0; t < FF_ARCHIVE_TABLES; t++)
		FF_TRY(restore_file(to, archive, (enum ff_archive_table)t));
	return ff_db_exec(to->db, FF_STMT_RESTORE_ADD, args, 4);
}

enum ff_err
ff_archive_restore(struct ff_db *db, const struct ff_archive *archive, int32_t site_id, int32_t raw_from, int64_t seconds,
    enum ff_restored *out, struct ff_fault *why)
{
	struct restore to = { .db = db };
	struct ff_rows rows;
	struct ff_arg  day;
	enum ff_err    err;

	if (archive->day >= raw_from)
		return ff_fault_set(why, FF_CONFLICT, "day", "is still kept: its rows are in the tables");
	ff_arena_init(&to.arena);
	ff_arena_init(&to.rows);
	to.lines = FF_NEW_N(&to.arena, ROWS_AT_ONCE, struct ff_str);
	to.site = ff_arg_i64(&to.arena, site_id);
	day = ff_arg_day(&to.arena, archive->day);
	err = ff_db_query(db, &to.arena, FF_STMT_PARTITION_MAKE, &day, 1, &rows);
	if (err == FF_OK && (err = ff_tx_begin(db)) == FF_OK)
		err = ff_tx_end(db, restore_part(&to, archive, seconds, out));
	if (err == FF_CORRUPT)
		err = ff_fault_set(why, FF_CORRUPT, "file", "%s is damaged", archive->dir);
	ff_arena_free(&to.rows);
	ff_arena_free(&to.arena);
	return err;
}
