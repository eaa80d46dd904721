/* The file: 64 bytes of heading, then sets of eight slots. A slot is an id (0: free, 1: changing hands) and the time at
 * which its bucket is full again, in nanoseconds since 1970. */
#include "fact/limiter.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/mapped.h"
#include "safe/hash.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A bucket is in use for burst * interval behind its last event, some seconds: room for tens of thousands at a time. */
#define SETS 8192
#define WAYS 8

#define CLAIMED 1   /* an id: its slot changes hands */
#define SPINS   1000

static const char magic[FF_MAPPED_MAGIC] = "FFLIMITS 1\n";

struct slot {
	_Atomic uint64_t id, full_ns;
};

struct table {
	char        magic[FF_MAPPED_MAGIC];
	char        unused[48];
	struct slot slots[SETS][WAYS];
};

struct ff_limiter {
	struct table *table;
};

enum ff_err
ff_limiter_open(struct ff_limiter **limiter, const char *path)
{
	void       *table;
	enum ff_err err = ff_mapped_open(path, magic, sizeof(struct table), 0600, &table);

	if (err != FF_OK) {
		ff_error("limiter", "cannot use %s, so nobody is limited: %s", path, strerror(errno));
		return err;
	}
	*limiter = ff_xmalloc(sizeof **limiter);
	(*limiter)->table = table;
	return FF_OK;
}

void
ff_limiter_close(struct ff_limiter *limiter)
{
	if (limiter == NULL)
		return;
	munmap(limiter->table, sizeof *limiter->table);
	free(limiter);
}

/* ---- buckets ---- */

uint64_t
ff_limiter_id(const struct ff_salt *salt, enum ff_limit_kind kind, struct ff_str what)
{
	char     text[64];
	uint64_t id;

	if (salt == NULL)
		return 0;
	if (what.len > sizeof text - 1)
		ff_panic("limiter: a name of more than 63 bytes");
	text[0] = (char)kind;
	memcpy(text + 1, what.p, what.len);
	id = ff_hash_short(salt->key, ff_str_of(text, what.len + 1));
	return id > CLAIMED ? id : CLAIMED + 1;
}

static bool
is_elsewhere(const struct slot *set, const struct slot *slot, uint64_t id)
{
	for (int i = 0; i < WAYS; i++)
		if (&set[i] != slot && atomic_load(&set[i].id) == id)
			return true;
	return false;
}

/* One of those who want it gets it; the others look again. Nobody else finds it before its time is right. Since the
 * look, somebody may have claimed this slot or another for the same id: then that one holds. dead: who claimed this slot
 * before will not come back. */
static bool
claim(struct slot *set, struct slot *slot, uint64_t id, bool dead)
{
	uint64_t old = atomic_load(&slot->id);

	if (old == id || (old == CLAIMED && !dead) || !atomic_compare_exchange_strong(&slot->id, &old, CLAIMED))
		return false;
	if (is_elsewhere(set, slot, id)) {
		atomic_store(&slot->id, old == CLAIMED ? 0 : old);
		return false;
	}
	atomic_store(&slot->full_ns, 0);
	atomic_store(&slot->id, id);
	return true;
}

/* A free one, or one that is full, or the one nearest to it. */
static struct slot *
victim(struct slot *set, uint64_t now_ns)
{
	struct slot *best = &set[0];
	uint64_t     least = UINT64_MAX;

	for (int i = 0; i < WAYS; i++) {
		uint64_t full_ns = atomic_load(&set[i].full_ns);

		if (atomic_load(&set[i].id) == 0 || full_ns <= now_ns)
			return &set[i];
		if (full_ns < least) {
			least = full_ns;
			best = &set[i];
		}
	}
	return best;
}

/* Waits for a slot that changes hands, for it may become the one that is looked for; but not for ever, for who claimed it
 * may be dead. */
static struct slot *
find(struct table *table, uint64_t id, uint64_t now_ns)
{
	struct slot *set = table->slots[id % SETS];

	for (int tries = 0;; tries++) {
		struct slot *slot;
		bool         claimed = false;

		for (int i = 0; i < WAYS; i++) {
			uint64_t found = atomic_load(&set[i].id);

			if (found == id)
				return &set[i];
			claimed = claimed || found == CLAIMED;
		}
		if (claimed && tries < SPINS) {
			sched_yield(); /* it may be its claimer's turn */
			continue;
		}
		slot = victim(set, now_ns);
		if (claim(set, slot, id, tries >= SPINS))
			return slot;
	}
}

bool
ff_limiter_take(struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us, int64_t *wait_us)
{
	uint64_t     now_ns = (uint64_t)now_us * 1000, reach_ns, full_ns, next_ns;
	struct slot *slot;

	if (limiter == NULL || id == 0 || rate->interval_ns == 0 || now_us < 0)
		return true;
	reach_ns = rate->interval_ns * rate->burst; /* an empty bucket is full again that far from now */
	slot = find(limiter->table, id, now_ns);
	full_ns = atomic_load(&slot->full_ns);
	do {
		/* Further ahead than any bucket can be: the clock was set back. */
		uint64_t from_ns = full_ns > now_ns && full_ns <= now_ns + reach_ns ? full_ns : now_ns;

		next_ns = from_ns + rate->interval_ns;
		if (next_ns > now_ns + reach_ns) {
			*wait_us = (int64_t)((next_ns - now_ns - reach_ns + 999) / 1000);
			return false;
		}
	} while (!atomic_compare_exchange_weak(&slot->full_ns, &full_ns, next_ns));
	return true;
}

/* When the bucket is full again; 0: it is, or nobody knows it. */
static uint64_t
look(const struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, uint64_t now_ns)
{
	uint64_t reach_ns = rate->interval_ns * rate->burst;

	for (int i = 0; i < WAYS; i++) {
		const struct slot *slot = &limiter->table->slots[id % SETS][i];
		uint64_t           full_ns = atomic_load(&slot->full_ns);

		if (atomic_load(&slot->id) == id)
			return full_ns <= now_ns || full_ns > now_ns + reach_ns ? 0 : full_ns;
	}
	return 0;
}

bool
ff_limiter_has(const struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us)
{
	uint64_t now_ns = (uint64_t)now_us * 1000, reach_ns = rate->interval_ns * rate->burst, full_ns;

	if (limiter == NULL || id == 0 || rate->interval_ns == 0 || now_us < 0)
		return true;
	full_ns = look(limiter, rate, id, now_ns);
	return full_ns == 0 || full_ns + rate->interval_ns <= now_ns + reach_ns;
}

uint32_t
ff_limiter_left(const struct ff_limiter *limiter, const struct ff_rate *rate, uint64_t id, int64_t now_us,
    int64_t *full_in_us)
{
	uint64_t now_ns = (uint64_t)now_us * 1000, full_ns = 0;

	*full_in_us = 0;
	if (limiter != NULL && id != 0 && rate->interval_ns != 0 && now_us >= 0)
		full_ns = look(limiter, rate, id, now_ns);
	if (full_ns == 0)
		return rate->burst;
	*full_in_us = (int64_t)((full_ns - now_ns) / 1000);
	return rate->burst - (uint32_t)((full_ns - now_ns + rate->interval_ns - 1) / rate->interval_ns);
}
