/* archive.c - writing a part: rows by a cursor, so that memory does not grow with the day. */
#include "base/day.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "fact/archive_inside.h"
#include "store/db.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROWS_MAX_BYTES (64 * 1024 * 1024) /* of one fetch */

static enum ff_err
failed(const char *path)
{
	ff_error("archive", "%s: %s", path, strerror(errno));
	return FF_IO;
}

static void
put_cell(struct ff_buf *line, struct ff_str cell, bool first)
{
	bool plain = cell.len > 0;

	if (!first)
		ff_buf_char(line, ',');
	if (cell.p == NULL)
		return;
	for (size_t i = 0; i < cell.len && plain; i++)
		plain = cell.p[i] != '"' && cell.p[i] != ',' && cell.p[i] != '\n' && cell.p[i] != '\r';
	if (plain) {
		ff_buf_str(line, cell);
		return;
	}
	ff_buf_char(line, '"');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.p[i] == '"')
			ff_buf_char(line, '"');
		ff_buf_char(line, cell.p[i]);
	}
	ff_buf_char(line, '"');
}

static void
put_header(struct ff_buf *line, const char *const *columns)
{
	for (size_t i = 0; columns[i] != NULL; i++)
		put_cell(line, ff_str_from(columns[i]), i == 0);
	ff_buf_z(line, "\r\n");
}

static bool
send(gzFile gz, struct ff_buf *lines)
{
	bool good = !lines->overflow && (lines->len == 0 || gzwrite(gz, lines->p, (unsigned)lines->len) == (int)lines->len);

	ff_buf_clear(lines);
	return good;
}

/* All rows of the open cursor. */
static enum ff_err
copy_rows(struct ff_db *db, gzFile gz, struct ff_buf *lines, int64_t *n)
{
	struct ff_arena arena;
	struct ff_rows  rows = { .n = 1 };
	enum ff_err     err = FF_OK;

	ff_arena_init(&arena);
	while (err == FF_OK && rows.n > 0) {
		ff_arena_reset(&arena);
		err = ff_db_query(db, &arena, FF_STMT_ARCHIVE_FETCH, NULL, 0, &rows);
		for (int i = 0; err == FF_OK && i < rows.n; i++) {
			for (int c = 0; c < rows.columns; c++)
				put_cell(lines, ff_row_str(&rows, i, c), c == 0);
			ff_buf_z(lines, "\r\n");
		}
		*n += err == FF_OK ? rows.n : 0;
		if (err == FF_OK && (!send(gz, lines) || FF_FAULT("archive.write")))
			err = FF_IO;
	}
	ff_arena_free(&arena);
	return err;
}

static enum ff_err
copy_table(struct ff_db *db, const struct ff_archive_shape *shape, const struct ff_arg *args, gzFile gz, int64_t *n)
{
	struct ff_buf lines;
	enum ff_err   err;

	FF_TRY(ff_db_exec(db, shape->open, args, 2));
	ff_buf_init(&lines, ROWS_MAX_BYTES);
	put_header(&lines, shape->columns);
	err = copy_rows(db, gz, &lines, n);
	ff_buf_free(&lines);
	FF_TRY(err);
	return ff_db_exec(db, FF_STMT_ARCHIVE_CLOSE, NULL, 0);
}

static enum ff_err
write_table(struct ff_db *db, const struct ff_archive_shape *shape, const struct ff_arg *args, const char *path,
    struct ff_archive_file *file)
{
	int         fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640), own = fd < 0 ? -1 : dup(fd);
	gzFile      gz = own < 0 ? NULL : gzdopen(own, "wb6");
	enum ff_err err;

	if (gz == NULL) {
		if (fd >= 0)
			close(fd);
		return failed(path);
	}
	err = copy_table(db, shape, args, gz, &file->rows);
	if (gzclose(gz) != Z_OK && err == FF_OK)
		err = FF_IO;
	if (err == FF_OK && fsync(fd) != 0)
		err = FF_IO;
	if (err == FF_IO)
		err = failed(path);
	close(fd);
	FF_TRY(err);
	return ff_archive_sum(path, file);
}

/* A part, or what is left of one: files alone. */
static void
remove_dir(struct ff_arena *arena, const char *path)
{
	DIR           *dir = opendir(path);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlink(ff_str_printf(arena, "%s/%s", path, entry->d_name).p);
	closedir(dir);
	rmdir(path);
}

/* The new part takes its name: from then on it is one. The site's directory may be as new, so that its own entry has to be
 * on disk as well. */
static enum ff_err
put_in_place(struct ff_arena *arena, const char *made, const char *path, const char *parent, const char *root)
{
	FF_TRY(ff_io_sync_dir(made));
	remove_dir(arena, path);
	if (rename(made, path) != 0)
		return failed(path);
	FF_TRY(ff_io_sync_dir(parent));
	return ff_io_sync_dir(root);
}

static enum ff_err
write_part(struct ff_db *db, struct ff_arena *arena, const struct ff_arg *args, const char *made, struct ff_archive *out)
{
	FF_TRY(ff_io_make_dir(made, 0750));
	for (int t = 0; t < FF_ARCHIVE_TABLES; t++)
		FF_TRY(write_table(db, &ff_archive_shapes[t], args,
		    ff_archive_file_path(arena, made, (enum ff_archive_table)t), &out->files[t]));
	return ff_archive_manifest_write(out, ff_str_printf(arena, "%s/manifest.json", made).p);
}

enum ff_err
ff_archive_write(struct ff_db *db, struct ff_arena *arena, const char *root, int32_t site_id, struct ff_str domain, int32_t day,
    int32_t part, struct ff_archive *out)
{
	struct ff_arg args[2] = { ff_arg_i64(arena, site_id), ff_arg_day(arena, day) };
	char          date[11], suffix[16] = "";
	const char   *parent = ff_str_printf(arena, "%s/%.*s", root, FF_STR_ARG(domain)).p, *made;
	enum ff_err   err;

	ff_day_print(day, date);
	if (part > 1)
		snprintf(suffix, sizeof suffix, ".%d", (int)part);
	*out = (struct ff_archive){ .domain = domain, .day = day, .part = part };
	out->dir = ff_str_printf(arena, "%s/%s%s", parent, date, suffix).p;
	made = ff_str_printf(arena, "%s/new-%s%s", parent, date, suffix).p;
	remove_dir(arena, made);
	err = write_part(db, arena, args, made, out);
	if (err == FF_OK && out->files[0].rows + out->files[1].rows + out->files[2].rows > 0)
		err = put_in_place(arena, made, out->dir, parent, root);
	remove_dir(arena, made);
	return err;
}
