/* userdata.h - a signed-in viewer's facts: given to them, and erased, while single events are kept.
 *
 * Both want the name that the host uses for the viewer (sub): from it and the site's secret comes the pseudonym under
 * which the facts stand. Figures hold no names and stay. */
#ifndef FF_FACT_USERDATA_H
#define FF_FACT_USERDATA_H

#include "base/err.h"
#include "fact/site.h"

struct ff_db;

/* Calls line(ctx, type, json) for each visit ("visit") and then each event ("event"), in order of time. */
enum ff_err ff_userdata_export(struct ff_db *db, const struct ff_site *site, struct ff_str sub,
    void (*line)(void *ctx, const char *type, struct ff_str json), void *ctx) ff_must_check;

struct ff_erased {
	int64_t visits, events, quarantined;
};
/* In a transaction of the caller, drains waiting. Visits and events stay, as those of a stranger, a random number
 * that nobody is; what the viewer may have written (properties, search terms) goes. The drain erases what comes later. */
enum ff_err ff_userdata_erase(struct ff_db *db, struct ff_arena *arena, const struct ff_site *site, struct ff_str sub,
    struct ff_erased *out) ff_must_check;

#endif
