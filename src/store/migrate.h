/* migrate.h - sql/migrations/NNNN-what.up.sql and .down.sql, each in one transaction, under an advisory lock,
 * recorded in schema_migration with a checksum. A landed file that changed is an error. */
#ifndef FF_STORE_MIGRATE_H
#define FF_STORE_MIGRATE_H

#include "store/db.h"

struct ff_migration {
	int32_t       number;
	struct ff_str name;    /* "0001-foundation" */
	bool          applied;
	bool          changed; /* applied, but its file is another one now, or gone */
	int64_t       applied_us;
};

/* dir: folder of the files; FF_NOT_FOUND if it cannot be read. All pending ones up; FF_CORRUPT if an applied file
 * changed or is missing, or a pending one has a lower number than an applied one. *done = how many ran. */
enum ff_err ff_migrate_up(struct ff_db *db, const char *dir, int *done) ff_must_check;
enum ff_err ff_migrate_down(struct ff_db *db, const char *dir) ff_must_check; /* the newest one; FF_NOT_FOUND if none */
enum ff_err ff_migrate_status(struct ff_db *db, struct ff_arena *arena, const char *dir,
    struct ff_migration **out, size_t *n) ff_must_check;

#endif
