/* grant.h - accounts that may see some sites only: which, and in what role on each. */
#ifndef FF_FACT_GRANT_H
#define FF_FACT_GRANT_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct ff_db;

struct ff_grant {
	int32_t       site_id;
	struct ff_str role; /* "viewer", "moderator", "admin": of that site */
};

struct ff_guest {
	int64_t       account_id;
	struct ff_str login, role;
	bool          accepted; /* has a password to sign in with */
};

enum ff_err ff_grants_load(struct ff_db *db, struct ff_arena *arena, int64_t account_id, struct ff_grant **v,
    size_t *n) ff_must_check;
/* Adds, or changes the role. It counts for accounts that do not see every site: *every_site. FF_INVALID (role),
 * FF_NOT_FOUND: no such account. */
enum ff_err ff_grants_set(struct ff_db *db, struct ff_arena *arena, struct ff_str login, int32_t site_id,
    struct ff_str role, bool *every_site, struct ff_fault *fault) ff_must_check;
/* FF_NOT_FOUND: it had not been granted. */
enum ff_err ff_grants_remove(struct ff_db *db, struct ff_arena *arena, struct ff_str login, int32_t site_id) ff_must_check;
/* The accounts that see this site because it is granted to them. */
enum ff_err ff_grants_guests(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_guest **v,
    size_t *n) ff_must_check;
/* FF_NOT_FOUND: no such account. */
enum ff_err ff_account_limit(struct ff_db *db, struct ff_arena *arena, struct ff_str login, bool every_site) ff_must_check;

#endif
