/* Rounds until a signal. Signals are blocked and taken where they are asked for, so that none cuts a task in two. */
#include "base/log.h"
#include "room/cron/cron.h"

#include <signal.h>
#include <time.h>

/* A database that answers but is not ours (not migrated, no rights) is not asked every second. */
#define WRONG_US (10 * FF_US_S)

static void
signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
}

static void
wait_for_signal(struct ff_cron *cron, int64_t us)
{
	struct timespec timeout = { .tv_sec = us / FF_US_S, .tv_nsec = us % FF_US_S * 1000 };
	sigset_t        set;

	signals(&set);
	if (!cron->stop && sigtimedwait(&set, NULL, &timeout) > 0)
		cron->stop = true;
}

bool
ff_cron_stopping(struct ff_cron *cron)
{
	if (cron->follows)
		wait_for_signal(cron, 0);
	return cron->stop;
}

static int64_t
monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * FF_US_S + ts.tv_nsec / 1000;
}

void
ff_cron_follow(struct ff_cron *cron, int64_t interval_us)
{
	sigset_t set;

	signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	cron->follows = true;
	ff_info("cron", "following as %s", cron->place);
	while (!ff_cron_stopping(cron)) {
		int64_t     started = monotonic_us(), left;
		int         failed;
		enum ff_err err = ff_cron_round(cron, &failed);

		left = (err == FF_OK || err == FF_DATABASE ? interval_us : WRONG_US) - (monotonic_us() - started);
		if (left > 0)
			wait_for_signal(cron, left);
	}
	ff_info("cron", "stopped");
}
