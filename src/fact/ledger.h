/* ledger.h - received = stored + dropped by reason + in hand: one mapped file of atomic counters for all processes.
 *
 * Received is counted when an event comes, the rest when it is known what became of it: what lies between is in hand.
 * A process that is killed leaves there what it held: nobody was told that it is stored, and it may be or not. Lives in the
 * state directory, so it survives restarts; losing it loses no event. Counters only grow. */
#ifndef FF_FACT_LEDGER_H
#define FF_FACT_LEDGER_H

#include "base/err.h"
#include "fact/reason.h"

#include <stdint.h>

struct ff_ledger;

struct ff_ledger_counts {
	uint64_t received;
	uint64_t in_hand;                    /* received, and neither stored nor dropped: yet, or for ever */
	uint64_t by_reason[FF_REASON_COUNT]; /* [FF_REASON_STORED] = acknowledged */
	uint64_t robots;                     /* among the stored, marked as robots */
};

/* Creates the file (0660) where it is missing; `create` false: FF_NOT_FOUND instead. */
enum ff_err ff_ledger_open(struct ff_ledger **ledger, const char *path, int create) ff_must_check;
void        ff_ledger_close(struct ff_ledger *ledger);
void ff_ledger_receive(struct ff_ledger *ledger, uint64_t n);
void ff_ledger_settle(struct ff_ledger *ledger, enum ff_reason reason, uint64_t n); /* of what was received before */
void ff_ledger_add(struct ff_ledger *ledger, enum ff_reason reason, uint64_t n);    /* both at once */
void ff_ledger_robot(struct ff_ledger *ledger, uint64_t n);
void ff_ledger_read(const struct ff_ledger *ledger, struct ff_ledger_counts *out);

#endif
