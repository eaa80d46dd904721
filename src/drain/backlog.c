#include "drain/drain.h"
#include "spool/spool.h"
#include "store/db.h"

struct asker {
	struct ff_db    *db; /* NULL: not there */
	struct ff_arena *arena;
};

static uint64_t
drained(void *ctx, const struct ff_uuid *segment)
{
	struct asker  *asker = ctx;
	struct ff_rows rows;
	struct ff_arg  arg;
	char           uuid[37];

	if (asker->db == NULL)
		return 0;
	ff_uuid_print(segment, uuid);
	arg = ff_arg_z(uuid);
	if (ff_db_query(asker->db, asker->arena, FF_STMT_POSITION_FIND, &arg, 1, &rows) != FF_OK) {
		asker->db = NULL; /* it is not asked again for each of the others */
		return 0;
	}
	return rows.n > 0 ? (uint64_t)ff_row_i64(&rows, 0, 0) : 0;
}

enum ff_err
ff_drain_backlog(struct ff_db *db, struct ff_arena *arena, const char *spool_dir, struct ff_spool_usage *out)
{
	struct asker asker = { db, arena };

	return ff_spool_usage(spool_dir, drained, &asker, out);
}
