#include "room/collect/pace.h"

/* Who went too fast counts as a robot for so long. */
static const struct ff_rate penalty = { .interval_ns = UINT64_C(600000000000), .burst = 1 };

static bool
opens_a_page(const struct ff_event *event)
{
	return event->kind == FF_KIND_PAGEVIEW || (event->kind == FF_KIND_VIEW && event->view_type == FF_VIEW_INTENTIONAL);
}

void
ff_pace_judge(struct ff_collect *collect, const struct ff_client *client, int64_t now_us, struct ff_event *event)
{
	const struct ff_rate *pace = &collect->limits[FF_LIMIT_PACE];
	const struct ff_salt *salt = ff_salts_find(&collect->salts, ff_day_of_us(now_us));
	struct ff_str         who = { (const char *)&event->visitor, sizeof(event->visitor) };
	uint64_t              id, penalty_id;
	int64_t               wait_us;

	if (event->robot != FF_ROBOT_NO || event->visitor == 0 || client->key != NULL || pace->interval_ns == 0)
		return;
	id = ff_limiter_id(salt, FF_LIMIT_PACE, who);
	if (id == 0)
		return;
	penalty_id = id ^ (UINT64_C(1) << 63);
	if (opens_a_page(event) && !ff_limiter_take(collect->limiter, pace, id, now_us, &wait_us))
		(void)ff_limiter_take(collect->limiter, &penalty, penalty_id, now_us, &wait_us);
	if (!ff_limiter_has(collect->limiter, &penalty, penalty_id, now_us))
		event->robot = FF_ROBOT_BEHAVIOUR;
}
