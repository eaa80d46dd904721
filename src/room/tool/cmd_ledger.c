/* footfall ledger: the books of this host's collectors and of the drain, and whether they agree. Changes nothing. */
#include "drain/drain.h"
#include "fact/ledger.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "spool/spool.h"

static void
line(const char *name, uint64_t n, const char *remark)
{
	printf("  %-18s %14llu%s%s\n", name, (unsigned long long)n, remark[0] ? "   " : "", remark);
}

static void
print_reasons(const uint64_t by_reason[FF_REASON_COUNT])
{
	for (int i = FF_REASON_STORED + 1; i < FF_REASON_COUNT; i++)
		if (by_reason[i] > 0)
			line(ff_reason_name((enum ff_reason)i), by_reason[i], ff_reason_sentence((enum ff_reason)i));
}

/* *here: a collector has run on this host. */
static enum ff_err
print_collectors(struct ff_tool *tool, struct ff_ledger_counts *counts, bool *here)
{
	const char       *path = ff_str_printf(tool->arena, "%s/ledger", tool->conf->state_dir).p;
	struct ff_ledger *ledger;
	enum ff_err       err = ff_ledger_open(&ledger, path, 0);

	*here = err == FF_OK;
	if (err == FF_NOT_FOUND) {
		printf("Collectors of this host: none has run yet (%s is not there)\n", path);
		return FF_OK;
	}
	FF_TRY(err);
	ff_ledger_read(ledger, counts);
	ff_ledger_close(ledger);
	printf("Collectors of this host\n");
	line("received", counts->received, "events, and requests that held none");
	if (counts->in_hand > 0)
		line("in hand", counts->in_hand, "being written just now, or when a process was killed: acknowledged to nobody");
	line("stored", counts->by_reason[FF_REASON_STORED], "acknowledged");
	line("  robots", counts->robots, "among the stored");
	print_reasons(counts->by_reason);
	return FF_OK;
}

/* What the drain did, by reason; *taken is their sum. site_id 0 = all. */
static enum ff_err
print_drain(struct ff_tool *tool, int32_t site_id, uint64_t *taken)
{
	uint64_t       by_reason[FF_REASON_COUNT] = { 0 };
	struct ff_arg  args[1] = { site_id == 0 ? ff_arg_null() : ff_arg_i64(tool->arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(tool->db, tool->arena, FF_STMT_DRAINED_READ, args, 1, &rows));
	*taken = 0;
	for (int i = 0; i < rows.n; i++) {
		int64_t reason = ff_row_i64(&rows, i, 0);

		if (reason >= 0 && reason < FF_REASON_COUNT)
			by_reason[reason] = (uint64_t)ff_row_i64(&rows, i, 1);
		*taken += (uint64_t)ff_row_i64(&rows, i, 1);
	}
	printf("The drain\n");
	line("taken", *taken, "from spools and imports, over all hosts");
	line("stored", by_reason[FF_REASON_STORED], "");
	print_reasons(by_reason);
	return FF_OK;
}

/* Imports and other hosts feed the same database, so only a lack on the drain's side is a fault. What was in hand when a
 * process was killed may have been taken, too. */
static int
print_balance(uint64_t stored, uint64_t taken, uint64_t waiting)
{
	if (stored <= taken + waiting) {
		printf("Every stored event was taken or waits.\n");
		return 0;
	}
	printf("%llu stored events were neither taken nor wait: see footfall doctor, and STATE_DIR/spool/bad\n",
	    (unsigned long long)(stored - taken - waiting));
	return 1;
}

int
ff_cmd_ledger(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args          args;
	struct ff_ledger_counts counts = { 0 };
	struct ff_spool_usage   usage = { 0 };
	struct ff_site          site = { 0 };
	const char             *name, *spool = ff_str_printf(tool->arena, "%s/spool", tool->conf->state_dir).p;
	uint64_t                taken;
	bool                    here = false;
	enum ff_err             err;

	ff_args_init(&args, "ledger", argc, argv);
	name = ff_args_option(&args, "--site");
	if (!ff_args_done(&args))
		return 2;
	if (name != NULL && (err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if (name == NULL && (err = print_collectors(tool, &counts, &here)) != FF_OK)
		return ff_tool_fail(tool, "ledger", err, NULL);
	/* Looked at before the drain's books: what is drained in between is counted twice, and nothing seems to lack. */
	if (here && ff_drain_backlog(tool->db, tool->arena, spool, &usage) == FF_OK)
		line("waiting", usage.records, "stored, not yet drained");
	if ((err = print_drain(tool, site.site_id, &taken)) != FF_OK)
		return ff_tool_fail(tool, "ledger", err, NULL);
	return here ? print_balance(counts.by_reason[FF_REASON_STORED], taken, usage.records) : 0;
}
