#include "fact/content.h"

#include "store/db.h"

static struct ff_arg
time_arg(struct ff_arena *arena, int64_t us)
{
	return us == 0 ? ff_arg_null() : ff_arg_time(arena, us);
}

/* Columns from `at`: title, url, owner, collection, private, published_at. */
static void
read_details(const struct ff_rows *rows, int at, struct ff_content *out)
{
	out->item.title = ff_row_str(rows, 0, at);
	out->item.url = ff_row_str(rows, 0, at + 1);
	out->item.owner = ff_row_str(rows, 0, at + 2);
	out->item.collection = ff_row_str(rows, 0, at + 3);
	out->has_private = true;
	out->is_private = ff_row_bool(rows, 0, at + 4);
	out->has_published = true;
	out->published_us = ff_row_null(rows, 0, at + 5) ? 0 : ff_row_us(rows, 0, at + 5);
}

enum ff_err
ff_content_put(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_content *content,
    struct ff_content_stored *out)
{
	const struct ff_item *item = &content->item;
	struct ff_arg         args[] = {
		ff_arg_i64(arena, site_id),
		ff_arg_str(arena, item->kind),
		ff_arg_str(arena, item->key),
		ff_arg_str(arena, item->title),
		ff_arg_str(arena, item->url),
		ff_arg_str(arena, item->owner),
		ff_arg_str(arena, item->collection),
		content->has_private ? ff_arg_bool(content->is_private) : ff_arg_null(),
		time_arg(arena, content->published_us),
		ff_arg_bool(content->has_published),
		time_arg(arena, content->since_us),
	};
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_CONTENT_PUT, args, sizeof args / sizeof *args, &rows));
	*out = (struct ff_content_stored){ .content.item = { .kind = item->kind, .key = item->key }, .managed = true };
	out->content_id = ff_row_i64(&rows, 0, 0);
	out->added = ff_row_bool(&rows, 0, 1);
	read_details(&rows, 2, &out->content);
	if (content->since_us == 0)
		return FF_OK;
	return ff_db_exec(db, FF_STMT_CONTENT_MOVE,
	    (struct ff_arg[]){ ff_arg_i64(arena, site_id), ff_arg_i64(arena, out->content_id),
	        ff_arg_time(arena, content->since_us) }, 3);
}

enum ff_err
ff_content_find(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind, struct ff_str key,
    struct ff_content_stored *out)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site_id), ff_arg_str(arena, kind), ff_arg_str(arena, key) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_CONTENT_FIND, args, 3, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*out = (struct ff_content_stored){ .content.item = { .kind = kind, .key = key } };
	out->content_id = ff_row_i64(&rows, 0, 0);
	read_details(&rows, 1, &out->content);
	out->managed = ff_row_bool(&rows, 0, 7);
	out->memberships = ff_row_str(&rows, 0, 8);
	return FF_OK;
}

enum ff_err
ff_content_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str kind, struct ff_str key)
{
	struct ff_arg  args[] = { ff_arg_i64(arena, site_id), ff_arg_str(arena, kind), ff_arg_str(arena, key) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_CONTENT_REMOVE, args, 3, &rows));
	return rows.n == 0 ? FF_NOT_FOUND : FF_OK;
}

enum ff_err
ff_content_within(struct ff_db *db, struct ff_arena *arena, int32_t site_id, const struct ff_content_bounds *bounds,
    const struct ff_site_item *items, size_t n, bool *yes)
{
	struct ff_str *kinds = FF_NEW_N(arena, n, struct ff_str), *keys = FF_NEW_N(arena, n, struct ff_str);
	struct ff_rows rows;

	for (size_t i = 0; i < n; i++) {
		kinds[i] = items[i].kind;
		keys[i] = items[i].key;
	}
	FF_TRY(ff_db_query(db, arena, FF_STMT_CONTENT_WITHIN,
	    (struct ff_arg[]){ ff_arg_i64(arena, site_id), ff_arg_strs(arena, kinds, n), ff_arg_strs(arena, keys, n),
	        ff_arg_str(arena, bounds->owner), ff_arg_str(arena, bounds->collection), ff_arg_str(arena, bounds->kind) }, 6,
	    &rows));
	for (size_t i = 0; i < n; i++)
		yes[i] = (int)i < rows.n && ff_row_bool(&rows, (int)i, 0);
	return FF_OK;
}
