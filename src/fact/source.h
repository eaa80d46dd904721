/* source.h - the table of known sources (sources.inc): host, app or utm_source -> name and channel. */
#ifndef FF_FACT_SOURCE_H
#define FF_FACT_SOURCE_H

#include "fact/event.h"

struct ff_source {
	struct ff_str   name;
	enum ff_channel channel; /* FF_CHANNEL_REFERRAL where only the name is known */
};

/* host: lower case, without "www.". Looked up whole, then without its first labels down to the registered domain.
 * False: unknown, *out is {host, FF_CHANNEL_REFERRAL}. */
bool ff_source_of_host(struct ff_arena *arena, struct ff_str host, struct ff_source *out);
/* A package name of "android-app://". False as above. */
bool ff_source_of_app(struct ff_arena *arena, struct ff_str package, struct ff_source *out);
/* An utm_source: a known name or host, ASCII case ignored. False: {utm_source, FF_CHANNEL_REFERRAL}. */
bool ff_source_of_utm(struct ff_arena *arena, struct ff_str utm_source, struct ff_source *out);

/* The table itself, sorted by key. */
struct ff_source_row {
	const char     *key, *name;
	enum ff_channel channel;
};
const struct ff_source_row *ff_source_hosts(size_t *n);
const struct ff_source_row *ff_source_aliases(size_t *n);

#endif
