/* roles.h - the database's roles for the programs: sql/roles.sql makes them, sql/grants.sql says what each may. */
#ifndef FF_STORE_ROLES_H
#define FF_STORE_ROLES_H

#include "store/db.h"

/* Both files, as often as wanted. dir: the folder of the files; FF_NOT_FOUND if they cannot be read. */
enum ff_err ff_roles_make(struct ff_db *db, const char *dir) ff_must_check;
/* What they may, anew, where they were made: after tables came. *there = whether they were. */
enum ff_err ff_roles_refresh(struct ff_db *db, const char *dir, bool *there) ff_must_check;
/* The text of both files, for somebody else to run. */
enum ff_err ff_roles_text(struct ff_arena *arena, const char *dir, struct ff_str *out) ff_must_check;

#endif
