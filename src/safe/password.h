/* password.h - Argon2id with libsodium's INTERACTIVE parameters or above. */
#ifndef FF_SAFE_PASSWORD_H
#define FF_SAFE_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

#define FF_PASSWORD_HASH_MAX 128

/* 8-128 bytes, valid UTF-8, not among the most common ones: FF_INVALID with the reason in *fault. */
enum ff_err ff_password_check(struct ff_str password, struct ff_fault *fault) ff_must_check;
/* FF_BUSY if 64 MiB of memory are not to be had. */
enum ff_err ff_password_hash(struct ff_str password, char out[FF_PASSWORD_HASH_MAX]) ff_must_check;
/* hash NULL: an unknown user; the same work is done on a dummy and false returned. *rehash (may be NULL): the
 * parameters are older than ours. */
bool ff_password_verify(const char *hash, struct ff_str password, bool *rehash);

#endif
