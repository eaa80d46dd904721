/* query_revenue.c - revenue by goals whose currencies differ: the engine sums one currency at a time, so it is asked once
 * for each, and every row takes the sum in the currency of its goal. */
#include "base/table.h"
#include "room/api/query.h"

/* Of the goals of one question. */
#define CURRENCIES_MAX 8

struct currencies {
	struct ff_str v[CURRENCIES_MAX];
	size_t        n;
	bool          more;
};

static bool
is_money(enum ff_metric metric)
{
	return metric == FF_METRIC_TOTAL_REVENUE || metric == FF_METRIC_AVERAGE_REVENUE;
}

static bool
asks_by_goal(const struct ff_query *q)
{
	bool money = false, goal = false;

	for (size_t i = 0; i < q->n_metrics; i++)
		money = money || is_money(q->metrics[i]);
	for (size_t i = 0; i < q->n_dims; i++)
		goal = goal || q->dims[i].goal;
	return money && goal;
}

static void
add(struct currencies *list, struct ff_str currency)
{
	for (size_t i = 0; i < list->n; i++)
		if (ff_str_eq(list->v[i], currency))
			return;
	list->more = list->n == CURRENCIES_MAX;
	if (!list->more)
		list->v[list->n++] = currency;
}

/* The question with goals that know of one currency alone. */
static struct ff_query
in_currency(struct ff_arena *arena, const struct ff_query *q, struct ff_str currency)
{
	struct ff_goal *goals = FF_NEW_N(arena, q->n_goals + 1, struct ff_goal);
	struct ff_query one = *q;

	for (size_t i = 0; i < q->n_goals; i++) {
		goals[i] = q->goals[i];
		if (!ff_str_eq(goals[i].currency, currency))
			goals[i].currency = FF_STR("");
	}
	one.goals = goals;
	return one;
}

static bool
is_of(const struct ff_query *q, const struct ff_result_row *row, struct ff_str currency)
{
	for (size_t d = 0; d < q->n_dims; d++)
		for (size_t g = 0; q->dims[d].goal && g < q->n_goals; g++)
			if (ff_str_eq(q->goals[g].name, row->labels[d]))
				return ff_str_eq(q->goals[g].currency, currency);
	return false;
}

static void
take_sums(struct ff_arena *arena, const struct ff_query *q, struct ff_str currency, const struct ff_result *from,
    struct ff_result *into)
{
	struct ff_table rows;

	ff_table_init(&rows);
	for (size_t i = 0; i < from->n; i++)
		ff_table_put(&rows, ff_api_row_key(arena, q, &from->rows[i], NULL), (int64_t)i, NULL);
	for (size_t i = 0; i < into->n; i++) {
		int64_t *at = ff_table_find(&rows, ff_api_row_key(arena, q, &into->rows[i], NULL));

		for (size_t m = 0; at != NULL && is_of(q, &into->rows[i], currency) && m < q->n_metrics; m++)
			if (is_money(q->metrics[m]))
				into->rows[i].metrics[m] = from->rows[*at].metrics[m];
	}
	ff_table_free(&rows);
}

enum ff_err
ff_api_revenue_run(struct ff_db *db, struct ff_arena *arena, const struct ff_query *q, struct ff_result *out,
    struct ff_fault *fault)
{
	struct currencies list = { .n = 0 };

	for (size_t i = 0; i < q->n_goals; i++)
		if (q->goals[i].currency.len > 0)
			add(&list, q->goals[i].currency);
	if (list.n < 2 || !asks_by_goal(q))
		return ff_api_pages_run(db, arena, q, out, fault);
	if (list.more)
		return FF_REFUSE(fault, "Revenue of goals in more than %d currencies cannot be queried at once.", CURRENCIES_MAX);
	for (size_t i = 0; i < list.n; i++) {
		struct ff_query  one = in_currency(arena, q, list.v[i]);
		struct ff_result sums;

		if (i == 0) {
			FF_TRY(ff_api_pages_run(db, arena, &one, out, fault));
			continue;
		}
		one.limit = FF_API_ROWS_MAX;
		one.offset = 0;
		FF_TRY(ff_api_pages_run(db, arena, &one, &sums, fault));
		take_sums(arena, q, list.v[i], &sums, out);
	}
	return FF_OK;
}
