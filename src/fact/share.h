/* share.h - links that let whoever holds them read one site's figures, with a password or without, until they expire or
 * are revoked. The text ("ffs_...") is made of the site's secret and random bytes kept with the link: so it can be shown
 * again to who may manage the site, until that secret is renewed. It is looked up by its hash and never compared. */
#ifndef FF_FACT_SHARE_H
#define FF_FACT_SHARE_H

#include "base/err.h"
#include "base/str.h"
#include "fact/site.h"

#include <stddef.h>

struct ff_db;

/* How long a given password holds. */
#define FF_SHARE_PASS_S (12 * 3600)

struct ff_share {
	int64_t       share_id;
	int32_t       site_id;
	struct ff_str name;
	bool          locked; /* its password must be given first */
};

struct ff_share_row {
	int64_t       share_id, created_us;
	int64_t       expires_us, revoked_us; /* 0: never, not */
	struct ff_str name, domain;
	bool          has_password;
};

struct ff_share_new {
	struct ff_str name;
	struct ff_str password;   /* FF_STR_NONE: none */
	int64_t       expires_us; /* 0: never */
};

/* text: shown to its owner. FF_INVALID (name, password), FF_CONFLICT (name: a link that is good has it). */
enum ff_err ff_share_add(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site,
    const struct ff_share_new *share, char text[64], struct ff_fault *fault) ff_must_check;
/* The link of that name that is good now, with its text. FF_NOT_FOUND, also after the site's secret was renewed. */
enum ff_err ff_share_named(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_str name,
    char text[64]) ff_must_check;
/* Of one site, or of all (0); also those that are no longer good. */
enum ff_err ff_share_list(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_share_row **v,
    size_t *n) ff_must_check;
/* For good. FF_NOT_FOUND: no such link, or revoked before. */
enum ff_err ff_share_revoke(struct ff_db *db, struct ff_arena *arena, int64_t share_id, int32_t *site_id,
    struct ff_str *name) ff_must_check;
/* Of a link's text, or of a pass. FF_UNAUTHORIZED: unknown, expired, revoked. */
enum ff_err ff_share_find(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_share *out) ff_must_check;
/* A pass for a link that asks for a password: good for FF_SHARE_PASS_S in the place of the link's own text. Same work and
 * words for a link without a password and for none at all. Limits and errors as those of ff_account_login. */
enum ff_err ff_share_open(struct ff_db *db, struct ff_arena *arena, struct ff_str text, struct ff_str password,
    struct ff_str peer, char pass[64]) ff_must_check;

#endif
