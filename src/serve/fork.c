/* The supervisor: it answers nothing and opens nothing, so that it hardly can fail. It forks the workers, replaces
 * the dead and, asked by SIGHUP, the living one by one: first the new one, then the old one is told to go. */
#include "base/log.h"
#include "serve/parts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A worker that lived shorter than this died of something that will be there again. */
#define SHORT_LIFE_MS 2000
#define DELAY_MIN_MS 100
#define DELAY_MAX_MS 10000
/* The request in hand has this long after SIGTERM; a statement of the database may take its time. */
#define GRACE_MS 20000

struct slot {
	pid_t   pid;     /* 0 = none */
	pid_t   leaving; /* the one it replaces; 0 = none */
	bool    stale;   /* to be replaced */
	int64_t started_ms, retry_ms, delay_ms;
};

struct keeper {
	const struct ff_serve *serve;
	struct ff_app         *app;
	int                    listener, signals;
	struct slot           *slots;
	int                    n;
	bool                   stopping;
	int64_t                kill_ms;
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* A worker must not outlive its supervisor: nobody would stop it. */
static _Noreturn void
child_main(struct keeper *keeper, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	close(keeper->signals);
	free(keeper->slots);
	exit(ff_fcgi_run(keeper->serve, keeper->app, keeper->listener));
}

static void
slot_start(struct keeper *keeper, struct slot *slot)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		child_main(keeper, parent);
	slot->started_ms = now_ms();
	if (pid > 0) {
		slot->pid = pid;
		return;
	}
	ff_error("serve", "cannot fork: %s", strerror(errno));
	slot->retry_ms = slot->started_ms + 1000;
}

/* ---- deaths ---- */

static void
log_death(pid_t pid, int status)
{
	if (WIFSIGNALED(status))
		ff_error("serve", "worker %d was killed by signal %d", (int)pid, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		ff_error("serve", "worker %d ended with %d", (int)pid, WEXITSTATUS(status));
}

/* The first death costs nothing; those that follow each other wait longer and longer. */
static void
slot_died(struct keeper *keeper, struct slot *slot)
{
	int64_t now = now_ms();

	slot->pid = 0;
	if (keeper->stopping)
		return;
	if (now - slot->started_ms >= SHORT_LIFE_MS)
		slot->delay_ms = 0;
	slot->retry_ms = now + slot->delay_ms;
	slot->delay_ms = slot->delay_ms == 0 ? DELAY_MIN_MS : slot->delay_ms * 2;
	if (slot->delay_ms > DELAY_MAX_MS)
		slot->delay_ms = DELAY_MAX_MS;
}

static void
reap(struct keeper *keeper)
{
	pid_t pid;
	int   status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		log_death(pid, status);
		for (struct slot *slot = keeper->slots; slot < keeper->slots + keeper->n; slot++) {
			if (slot->pid == pid)
				slot_died(keeper, slot);
			if (slot->leaving == pid)
				slot->leaving = 0;
		}
	}
}

/* ---- orders ---- */

static void
slots_signal(struct keeper *keeper, int signo)
{
	for (struct slot *slot = keeper->slots; slot < keeper->slots + keeper->n; slot++) {
		if (slot->pid > 0)
			kill(slot->pid, signo);
		if (slot->leaving > 0)
			kill(slot->leaving, signo);
	}
}

static void
stop_begin(struct keeper *keeper)
{
	if (keeper->stopping)
		return;
	keeper->stopping = true;
	keeper->kill_ms = now_ms() + GRACE_MS;
	slots_signal(keeper, SIGTERM);
}

static void
read_signals(struct keeper *keeper)
{
	int signo;

	while ((signo = ff_signals_next(keeper->signals)) != 0) {
		if (signo == SIGCHLD)
			continue; /* reap asks anyway */
		if (signo != SIGHUP) {
			stop_begin(keeper);
			continue;
		}
		ff_info("serve", "replacing %d workers", keeper->n);
		for (int i = 0; i < keeper->n; i++)
			keeper->slots[i].stale = true;
	}
}

/* ---- the loop ---- */

static void
slots_fill(struct keeper *keeper)
{
	for (struct slot *slot = keeper->slots; slot < keeper->slots + keeper->n; slot++)
		if (slot->pid == 0 && now_ms() >= slot->retry_ms) {
			slot->stale = false;
			slot_start(keeper, slot);
		}
}

/* One at a time: nobody is replaced while another still leaves. */
static void
slots_renew(struct keeper *keeper)
{
	struct slot *next = NULL;

	for (struct slot *slot = keeper->slots; slot < keeper->slots + keeper->n; slot++) {
		if (slot->leaving > 0)
			return;
		if (slot->stale && slot->pid > 0 && next == NULL)
			next = slot;
	}
	if (next == NULL)
		return;
	next->stale = false;
	next->leaving = next->pid;
	next->pid = 0;
	slot_start(keeper, next);
	kill(next->leaving, SIGTERM);
}

static bool
is_empty(const struct keeper *keeper)
{
	for (int i = 0; i < keeper->n; i++)
		if (keeper->slots[i].pid > 0 || keeper->slots[i].leaving > 0)
			return false;
	return true;
}

/* Signals wake it; the clock does only while a worker waits for its restart or for its end. */
static int
wait_ms(const struct keeper *keeper)
{
	if (keeper->stopping)
		return 100;
	for (int i = 0; i < keeper->n; i++)
		if (keeper->slots[i].pid == 0)
			return 50;
	return -1;
}

static void
keeper_loop(struct keeper *keeper)
{
	while (!keeper->stopping || !is_empty(keeper)) {
		struct pollfd fd = { .fd = keeper->signals, .events = POLLIN };

		if (!keeper->stopping) {
			slots_fill(keeper);
			slots_renew(keeper);
		} else if (now_ms() >= keeper->kill_ms) {
			slots_signal(keeper, SIGKILL);
		}
		poll(&fd, 1, wait_ms(keeper));
		read_signals(keeper);
		reap(keeper);
	}
}

int
ff_fork_run(const struct ff_serve *serve, struct ff_app *app, int listener)
{
	struct keeper keeper = { .serve = serve, .app = app, .listener = listener, .n = serve->workers };

	keeper.slots = ff_xcalloc((size_t)serve->workers, sizeof *keeper.slots);
	keeper.signals = ff_signals_open();
	ff_info("serve", "started with %d workers", serve->workers);
	keeper_loop(&keeper);
	close(keeper.signals);
	free(keeper.slots);
	ff_info("serve", "stopped");
	return 0;
}
