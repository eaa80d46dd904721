#include "drain/inside.h"

#include <pthread.h>

/* What an earlier attempt found out about a record is forgotten. */
static void
work_add(struct ff_work *work, struct ff_record *r)
{
	r->fate = FF_FATE_STORE;
	r->item = 0;
	r->content_id = 0;
	r->stranger = r->over_cap = false;
	r->page_item = 0;
	r->other = 0;
	r->event.flags &= ~(uint32_t)FF_FLAG_UNIQUE;
	if (r->owned)
		r->event.robot = 0;
	r->owned = false;
	r->visit = NULL;
	r->wanted = false;
	work->v[work->n++] = r;
}

static void
work_init(struct ff_drain *drain, struct ff_work *work, size_t first, size_t end)
{
	ff_arena_reset(&drain->scratch);
	ff_figures_clear(&drain->sums);
	drain->attempts++;
	work->n = 0;
	work->v = FF_NEW_N(&drain->scratch, end - first, struct ff_record *);
	for (size_t i = first; i < end; i++)
		if (drain->batch.records[i].fate != FF_FATE_BAD)
			work_add(work, &drain->batch.records[i]);
	ff_visits_init(&work->visits, &drain->scratch);
	ff_windows_init(&work->windows, &drain->scratch);
}

void
ff_work_free(struct ff_work *work)
{
	ff_visits_free(&work->visits);
	ff_windows_free(&work->windows);
}

struct sums {
	struct ff_drain      *drain;
	const struct ff_work *work;
};

static void *
sums_run(void *arg)
{
	const struct sums *sums = arg;

	ff_drain_figures(sums->drain, sums->work);
	return NULL;
}

/* The figures are worked out while PostgreSQL takes the rows. */
static enum ff_err
save_and_sum(struct ff_drain *drain, struct ff_work *work)
{
	struct sums sums = { drain, work };
	pthread_t   thread;
	bool        beside = pthread_create(&thread, NULL, sums_run, &sums) == 0;
	enum ff_err err = ff_drain_events(drain, work);

	if (err == FF_OK)
		err = ff_drain_visits_save(drain, work);
	if (err == FF_OK)
		err = ff_drain_windows_save(drain, work);
	if (beside)
		pthread_join(thread, NULL);
	else
		sums_run(&sums);
	return err;
}

enum ff_err
ff_drain_store(struct ff_drain *drain, struct ff_work *work, size_t first, size_t end)
{
	work_init(drain, work, first, end);
	FF_TRY(ff_drain_repeats(drain, work));
	FF_TRY(ff_drain_days_tell(drain, work));
	FF_TRY(ff_drain_erasures(drain, work));
	FF_TRY(ff_drain_labels(drain, work));
	FF_TRY(ff_drain_items(drain, work));
	ff_drain_owners(drain, work);
	FF_TRY(ff_drain_pages(drain, work));
	FF_TRY(ff_drain_windows(drain, work));
	FF_TRY(ff_drain_visits(drain, work));
	FF_TRY(save_and_sum(drain, work));
	FF_TRY(ff_drain_moved(drain, work));
	FF_TRY(ff_drain_values(drain));
	FF_TRY(ff_drain_months(drain));
	FF_TRY(ff_drain_weeks(drain));
	FF_TRY(ff_drain_rollups(drain));
	FF_TRY(ff_drain_item_rows(drain));
	return ff_drain_counters(drain, work);
}
