/* public.h - what the public counters share: who may be shown, numbers as text, badges. */
#ifndef FF_ROOM_API_PUBLIC_H
#define FF_ROOM_API_PUBLIC_H

#include "fact/public.h"
#include "room/api/room.h"

/* Of any page may ask and show it. */
void ff_api_public_open(struct ff_res *res);
/* An answer that says no; it can be read by scripts of any page too. */
void ff_api_public_no(struct ff_res *res, int status, const char *why);
/* The site, if its counters are public; else FF_OK with *yes = false, and the answer is complete. Whether there is such a
 * site is not told. */
enum ff_err ff_api_public_site(const struct ff_req *req, struct ff_res *res, struct ff_str name, struct ff_site *site,
    bool *yes) ff_must_check;
/* All local days of a site up to today. */
enum ff_err ff_api_public_days(const struct ff_req *req, const struct ff_site *site, struct ff_range *out) ff_must_check;

/* "1 234 567", with U+202F between: it is narrow and does not break. */
struct ff_str ff_api_grouped(struct ff_arena *arena, int64_t n);
/* public_badge.c. A small SVG: label at the left, value at the right. */
void ff_api_badge(struct ff_res *res, struct ff_str label, struct ff_str value);

#endif
