/* signed.h - requests that are signed with a secret both sides hold, in place of an API key: docs/jobs.md.
 *
 *   X-Footfall-Timestamp  seconds since 1970, within five minutes of our clock
 *   X-Footfall-Nonce      optional, up to 64 bytes: lets two equal requests of one second be two
 *   X-Footfall-Signature  v1=HEX: HMAC-SHA256 under the secret of
 *                         "v1\n" TIMESTAMP "\n" NONCE "\n" METHOD "\n" PATH[?QUERY] "\n" BODY
 *
 * The key of the HMAC is the text of the secret's file, white space around it taken off. The path is that of the request
 * line, before decoding. A signature is good once: the database remembers it for longer than its timestamp holds. */
#ifndef FF_DOOR_SIGNED_H
#define FF_DOOR_SIGNED_H

#include "door/guard.h"

/* Does the request claim to be signed? */
bool ff_signed_is(const struct ff_req *req);
/* FF_UNAUTHORIZED: not signed as above, or not with our secret. FF_CONFLICT: this signature has been used. FF_DATABASE.
 * Afterwards who may do what the route's scope says. */
enum ff_err ff_signed_pass(const struct ff_req *req, struct ff_who *who, struct ff_fault *fault) ff_must_check;

#endif
