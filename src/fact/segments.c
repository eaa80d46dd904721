#include "fact/segments.h"

#include "base/utf8.h"
#include "store/db.h"

#define NAME_CHARACTERS 255
#define FILTERS_BYTES   (16 * 1024)

static void
read_segment(const struct ff_rows *rows, int row, struct ff_segment *out)
{
	*out = (struct ff_segment){ .segment_id = (int32_t)ff_row_i64(rows, row, 0), .name = ff_row_str(rows, row, 1),
		.filters = ff_row_str(rows, row, 2), .created_us = ff_row_us(rows, row, 3),
		.updated_us = ff_row_us(rows, row, 4) };
}

static void
read_all(struct ff_arena *arena, const struct ff_rows *rows, struct ff_segment **out, size_t *n)
{
	*out = FF_NEW_N(arena, (size_t)rows->n, struct ff_segment);
	*n = (size_t)rows->n;
	for (int i = 0; i < rows->n; i++)
		read_segment(rows, i, &(*out)[i]);
}

enum ff_err
ff_segments_load(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const int64_t *ids, size_t n_ids,
    struct ff_segment **out, size_t *n)
{
	struct ff_arg  args[2] = { ff_arg_i64(arena, site_id), ff_arg_i64s(arena, ids, n_ids) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SEGMENT_FIND, args, 2, &rows));
	read_all(arena, &rows, out, n);
	return FF_OK;
}

enum ff_err
ff_segments_list(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment **out, size_t *n)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SEGMENT_LIST, args, 1, &rows));
	read_all(arena, &rows, out, n);
	return FF_OK;
}

static enum ff_err
name_check(struct ff_str *name, struct ff_fault *fault)
{
	*name = ff_str_trim(*name);
	for (size_t i = 0; i < name->len; i++)
		if ((unsigned char)name->p[i] < 0x20 || name->p[i] == 0x7f)
			return ff_fault_set(fault, FF_INVALID, "name", "holds a control character");
	if (name->len == 0 || !ff_utf8_valid(*name) || ff_utf8_characters(*name) > NAME_CHARACTERS)
		return ff_fault_set(fault, FF_INVALID, "name", "must be text of 1 to %d characters", NAME_CHARACTERS);
	return FF_OK;
}

/* Whether it is JSON is the database's to say; a list in name only would be found out by each question. */
static enum ff_err
filters_check(struct ff_str *filters, struct ff_fault *fault)
{
	*filters = ff_str_trim(*filters);
	if (filters->len == 0 || filters->p[0] != '[' || !ff_utf8_valid(*filters))
		return ff_fault_set(fault, FF_INVALID, "filters", "must be a list of filters as POST /api/v2/query takes it");
	if (filters->len > FILTERS_BYTES)
		return ff_fault_set(fault, FF_INVALID, "filters", "are longer than %d bytes", FILTERS_BYTES);
	return FF_OK;
}

static enum ff_err
explain(enum ff_err err, struct ff_fault *fault)
{
	if (err == FF_CONFLICT)
		return ff_fault_set(fault, err, "name", "is that of another segment");
	return err == FF_INVALID ? ff_fault_set(fault, err, "filters", "are no JSON") : err;
}

enum ff_err
ff_segments_add(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment *segment,
    struct ff_fault *fault)
{
	struct ff_arg  args[4];
	struct ff_rows rows;

	FF_TRY(name_check(&segment->name, fault));
	FF_TRY(filters_check(&segment->filters, fault));
	args[0] = ff_arg_i64(arena, site_id);
	args[1] = ff_arg_str(arena, segment->name);
	args[2] = ff_arg_str(arena, segment->filters);
	args[3] = ff_arg_i64(arena, FF_SEGMENTS_MAX);
	FF_TRY(explain(ff_db_query(db, arena, FF_STMT_SEGMENT_ADD, args, 4, &rows), fault));
	if (rows.n == 0)
		return ff_fault_set(fault, FF_INVALID, "segments", "are too many: a site may have %d", FF_SEGMENTS_MAX);
	read_segment(&rows, 0, segment);
	return FF_OK;
}

enum ff_err
ff_segments_change(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_segment *segment,
    struct ff_fault *fault)
{
	struct ff_arg  args[4];
	struct ff_rows rows;

	if (segment->name.p != NULL)
		FF_TRY(name_check(&segment->name, fault));
	if (segment->filters.p != NULL)
		FF_TRY(filters_check(&segment->filters, fault));
	args[0] = ff_arg_i64(arena, site_id);
	args[1] = ff_arg_i64(arena, segment->segment_id);
	args[2] = ff_arg_str(arena, segment->name);
	args[3] = ff_arg_str(arena, segment->filters);
	FF_TRY(explain(ff_db_query(db, arena, FF_STMT_SEGMENT_CHANGE, args, 4, &rows), fault));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	read_segment(&rows, 0, segment);
	return FF_OK;
}

enum ff_err
ff_segments_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t segment_id, struct ff_str *name)
{
	struct ff_arg  args[2] = { ff_arg_i64(arena, site_id), ff_arg_i64(arena, segment_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SEGMENT_REMOVE, args, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*name = ff_row_str(&rows, 0, 0);
	return FF_OK;
}
