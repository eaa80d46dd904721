/* life.h - the life of a collector as the spool sees it, with a ledger that says what was promised.
 *
 * A life appends groups of numbered records (tests/spool/lab.h), acknowledges them in the ledger, drains now and
 * then as footfall-cron does (what was read and the new position in one write, then retire), and closes. After
 * any number of lives, cut short anywhere, life_check reads what is left: each acknowledged number must have
 * been drained exactly once, no number twice, and a refused one (FF_STORAGE) never. */
#ifndef FF_TESTS_FAULT_LIFE_H
#define FF_TESTS_FAULT_LIFE_H

#include "spool/spool.h"

struct life_plan {
	const char *dir, *ledger;
	uint64_t    seed;
	unsigned    groups; /* 0: until killed */
	bool        sync;   /* durability = disk */
	bool        synced_ledger;
};

/* FF_OK, or the error that ended it: FF_STORAGE could not open, FF_IO as the contract says. */
enum ff_err life_run(const struct life_plan *plan) ff_must_check;

struct life_result {
	unsigned acked, drained;
	unsigned lost, twice, wrong, refused_read;
	unsigned first_bad; /* a number that is lost or twice */
};

/* ledger: the file's bytes. FF_OK if it could be read; the verdict is in *out. */
enum ff_err life_check(const char *dir, struct ff_str ledger, struct life_result *out) ff_must_check;
bool life_sound(const struct life_result *result); /* prints what is not, to stderr */

#endif
