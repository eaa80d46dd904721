/* What is written to retention.archive before its rows go; not a task of its own but a step of retention. */
#include "fact/archive.h"
#include "base/log.h"
#include "room/cron/cron.h"
#include "store/db.h"

/* Under the drain's lock: what was drained before is there to be written, what is drained later is told as late. */
static enum ff_err
look(struct ff_cron *cron, struct ff_run *run, const struct ff_arg day[2], struct ff_rows *state)
{
	enum ff_err err;

	FF_TRY(ff_tx_begin(cron->db));
	err = ff_db_exec(cron->db, FF_STMT_DRAIN_LOCK, NULL, 0);
	if (err == FF_OK)
		err = ff_db_query(cron->db, &run->arena, FF_STMT_ARCHIVE_STATE, day, 2, state);
	return ff_tx_end(cron->db, err);
}

static enum ff_err
write_day(struct ff_cron *cron, struct ff_run *run, int32_t site_id, struct ff_str domain, int32_t day, struct ff_archive *out)
{
	struct ff_arg  args[4] = { ff_arg_i64(&run->arena, site_id), ff_arg_day(&run->arena, day) };
	struct ff_rows state;
	enum ff_err    err;

	*out = (struct ff_archive){ .dir = NULL };
	FF_TRY(look(cron, run, args, &state));
	if (ff_row_bool(&state, 0, 1))
		return FF_OK; /* an earlier run wrote it, and was ended before the rows went */
	args[2] = ff_arg_i64(&run->arena, ff_row_i64(&state, 0, 0));
	args[3] = ff_arg_time(&run->arena, ff_row_us(&state, 0, 2));
	FF_TRY(ff_tx_begin(cron->db));
	err = ff_archive_write(cron->db, &run->arena, cron->conf->archive_dir, site_id, domain, day,
	    (int32_t)ff_row_i64(&state, 0, 0), out);
	if (err == FF_OK && out->files[0].rows + out->files[1].rows + out->files[2].rows > 0)
		err = ff_db_exec(cron->db, FF_STMT_ARCHIVE_BOOK, args, 4);
	return ff_tx_end(cron->db, err);
}

enum ff_err
ff_cron_archive(struct ff_cron *cron, struct ff_run *run, int32_t site_id, struct ff_str domain, int32_t day)
{
	struct ff_archive out;
	char              date[11];
	enum ff_err       err = FF_INVALID;

	ff_day_print(day, date);
	if (cron->conf->archive_dir[0] == '\0') {
		ff_run_say(run, "%.*s wants its rows archived, but retention.archive says no directory: those of %s stay",
		    FF_STR_ARG(domain), date);
	} else if ((err = write_day(cron, run, site_id, domain, day, &out)) != FF_OK) {
		ff_run_say(run, "rows of %.*s of %s could not be archived, and stay", FF_STR_ARG(domain), date);
	} else if (out.dir != NULL && out.files[0].rows + out.files[1].rows + out.files[2].rows > 0) {
		ff_run_say(run, "archived %lld events of %.*s of %s", (long long)out.files[FF_ARCHIVE_EVENT].rows,
		    FF_STR_ARG(domain), date);
		ff_info("retention", "wrote %s", out.dir);
		run->idle = false;
	}
	return err;
}
