#include "fact/audit.h"

#include "store/db.h"

enum ff_err
ff_audit_add(struct ff_db *db, struct ff_arena *arena, struct ff_str actor, const char *action, int32_t site_id,
    struct ff_str detail)
{
	struct ff_arg args[] = {
		ff_arg_str(arena, actor),
		ff_arg_z(action),
		site_id == 0 ? ff_arg_null() : ff_arg_i64(arena, site_id),
		ff_arg_str(arena, detail.p ? detail : FF_STR("")),
	};

	return ff_db_exec(db, FF_STMT_AUDIT_ADD, args, sizeof args / sizeof *args);
}
