/* account.h - who may come in: accounts with passwords, their sessions, and API keys. */
#ifndef FF_FACT_ACCOUNT_H
#define FF_FACT_ACCOUNT_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct ff_db;

/* login: 1-64 of a-z 0-9 . _ - @ + (upper case is lowered). role: "viewer", "moderator", "admin".
 * FF_INVALID (field), FF_CONFLICT (the login is taken). */
enum ff_err ff_account_add(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_str role, struct ff_fault *fault) ff_must_check;
/* An account that nobody can sign in to until it is given a password, and that sees no site but those granted to it.
 * *added: false if there was one of that login, whatever it may see. FF_INVALID (login). */
enum ff_err ff_account_invite(struct ff_db *db, struct ff_arena *arena, struct ff_str login, bool *added,
    struct ff_fault *fault) ff_must_check;
enum ff_err ff_account_role_check(struct ff_str role, struct ff_fault *fault) ff_must_check;
/* Lowers *login. False: none that could ever have been added. */
bool ff_account_login_good(struct ff_str *login, struct ff_arena *arena);
/* Also ends all sessions of the account. FF_NOT_FOUND. */
enum ff_err ff_account_password(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_fault *fault) ff_must_check;

struct ff_account {
	struct ff_str login, role;
	int64_t       created_us, sessions;
	bool          every_site;
	struct ff_str grants; /* "example.org:viewer b.example:admin": counts where every_site is false; grant.h */
};

enum ff_err ff_account_list(struct ff_db *db, struct ff_arena *arena, struct ff_account **v, size_t *n) ff_must_check;
/* With their sessions. FF_NOT_FOUND. */
enum ff_err ff_account_remove(struct ff_db *db, struct ff_arena *arena, struct ff_str login) ff_must_check;

struct ff_login {
	char          token[64]; /* for the cookie; stored hashed only */
	int64_t       account_id;
	struct ff_str role;
};

/* Same work, text and time for unknown logins. FF_UNAUTHORIZED; FF_TOO_MANY over the limit of failures by account
 * from one address prefix (10 in 15 min; so nobody is kept out from elsewhere) or by address prefix (30 in 15 min):
 * limiter keys are hashes, no address is stored. peer: the client's address as text (ff_guard_client). FF_BUSY when
 * no place for Argon2 got free within three seconds: two passwords are checked at a time, over all processes. A
 * success forgets the account's failures from there. */
enum ff_err ff_account_login(struct ff_db *db, struct ff_arena *arena, struct ff_str login, struct ff_str password,
    struct ff_str peer, int64_t idle_s, int64_t max_s, struct ff_login *out) ff_must_check;

struct ff_session {
	int64_t       account_id;
	struct ff_str login, role, csrf;
	bool          every_site; /* false: those granted to the account alone, grant.h */
};

/* FF_UNAUTHORIZED if unknown, idle too long or past its end. Touches seen_at at most once a minute. */
enum ff_err ff_session_find(struct ff_db *db, struct ff_arena *arena, struct ff_str token, int64_t idle_s,
    struct ff_session *out) ff_must_check;
enum ff_err ff_session_end(struct ff_db *db, struct ff_str token) ff_must_check;

/* The words an API key may hold, ended by NULL. */
extern const char *const ff_key_scopes[];

/* Makes a key; text is shown once. site_id 0 = all sites. scopes: words of ff_key_scopes, space separated. expires_us 0 =
 * never. FF_INVALID (name, scopes, site). */
enum ff_err ff_key_add(struct ff_db *db, struct ff_arena *arena, struct ff_str name, int32_t site_id,
    struct ff_str scopes, int64_t expires_us, char text[64], struct ff_fault *fault) ff_must_check;

struct ff_key {
	int64_t       key_id;
	int32_t       site_id; /* 0 = all */
	struct ff_str scopes;
};
/* What an operator may know of a key; its text is known to its holder alone. */
struct ff_key_row {
	int64_t       key_id, created_us;
	int64_t       expires_us, revoked_us; /* 0: never, not */
	struct ff_str name, domain, scopes;   /* domain empty: of all sites */
};

enum ff_err ff_key_list(struct ff_db *db, struct ff_arena *arena, struct ff_key_row **v, size_t *n) ff_must_check;
/* For good; *site_id: whose it was, 0 = of all. FF_NOT_FOUND: no such key, or revoked before. */
enum ff_err ff_key_revoke(struct ff_db *db, struct ff_arena *arena, int64_t key_id, int32_t *site_id,
    struct ff_str *name) ff_must_check;
enum ff_err ff_key_find(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_key *out) ff_must_check;

#endif
