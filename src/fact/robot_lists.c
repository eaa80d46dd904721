#include "fact/robot_lists.h"

#include "base/io.h"
#include "base/log.h"
#include "fact/stamp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (64 * 1024 * 1024)

static struct ff_str spam_rows[] = {
#define SPAM(host) FF_STR_INIT(host),
#include "fact/spam.inc"
#undef SPAM
};

static const char *const spam_hosts[] = {
#define SPAM(host) host,
#include "fact/spam.inc"
#undef SPAM
};

struct list {
	const char     *path; /* "": none */
	struct ff_stamp stamp; /* of the state looked at last, taken or refused */
	struct ff_arena arena;
	struct ff_ranges ranges; /* one of the two is filled */
	struct ff_hosts  hosts;
};

struct ff_robot_lists {
	struct list networks, referrers;
};

bool
ff_host_is_spam(struct ff_str host)
{
	struct ff_hosts own = { spam_rows, sizeof(spam_rows) / sizeof(spam_rows[0]) };

	return ff_hosts_match(&own, host);
}

/* Into fresh memory; the list in use changes only when all of the file is good. */
static enum ff_err
list_read(struct list *list, bool networks)
{
	struct list     fresh = *list;
	struct ff_arena scratch;
	struct ff_str   text;
	enum ff_err     err;

	ff_arena_init(&fresh.arena);
	ff_arena_init(&scratch);
	err = ff_io_read_file(&scratch, list->path, FILE_MAX, &text);
	if (err != FF_OK)
		ff_error("list", "%s: %s", list->path, err == FF_TOO_LARGE ? "is over 64 MB" : strerror(errno));
	else if (networks)
		err = ff_ranges_parse(&fresh.arena, list->path, text, &fresh.ranges);
	else
		err = ff_hosts_parse(&fresh.arena, list->path, text, &fresh.hosts);
	ff_arena_free(&scratch);
	ff_arena_free(err == FF_OK ? &list->arena : &fresh.arena);
	if (err == FF_OK)
		*list = fresh;
	return err;
}

const char *const *
ff_spam_hosts(size_t *n)
{
	*n = sizeof(spam_hosts) / sizeof(spam_hosts[0]);
	return spam_hosts;
}

static enum ff_err
list_open(struct list *list, const char *path, bool networks)
{
	list->path = path == NULL ? "" : path;
	ff_arena_init(&list->arena);
	if (list->path[0] == '\0')
		return FF_OK;
	(void)ff_stamp_read(list->path, &list->stamp);
	return list_read(list, networks);
}

static void
list_refresh(struct list *list, bool networks)
{
	struct ff_stamp now;
	bool            there;

	if (list->path[0] == '\0')
		return;
	there = ff_stamp_read(list->path, &now);
	if (ff_stamp_same(&now, &list->stamp))
		return;
	list->stamp = now;
	if (!there)
		ff_warn("list", "%s is gone: its last state serves on", list->path);
	else if (list_read(list, networks) == FF_OK)
		ff_info("list", "%s: read again, %zu entries", list->path, networks ? list->ranges.n : list->hosts.n);
}

enum ff_err
ff_robot_lists_open(struct ff_robot_lists **lists, const char *networks, const char *referrers)
{
	struct ff_robot_lists *l = ff_xcalloc(1, sizeof(*l));
	enum ff_err            err = list_open(&l->networks, networks, true);

	if (err == FF_OK)
		err = list_open(&l->referrers, referrers, false);
	*lists = err == FF_OK ? l : NULL;
	if (err != FF_OK)
		ff_robot_lists_free(l);
	return err;
}

void
ff_robot_lists_free(struct ff_robot_lists *lists)
{
	if (lists == NULL)
		return;
	ff_arena_free(&lists->networks.arena);
	ff_arena_free(&lists->referrers.arena);
	free(lists);
}

void
ff_robot_lists_refresh(struct ff_robot_lists *lists)
{
	list_refresh(&lists->networks, true);
	list_refresh(&lists->referrers, false);
}

struct ff_robot_lists_size
ff_robot_lists_size(const struct ff_robot_lists *lists)
{
	return (struct ff_robot_lists_size){ lists->networks.ranges.n, lists->referrers.hosts.n };
}

bool
ff_robot_lists_network(const struct ff_robot_lists *lists, const struct ff_addr *addr)
{
	return ff_ranges_match(&lists->networks.ranges, addr);
}

bool
ff_robot_lists_referrer(const struct ff_robot_lists *lists, struct ff_str host)
{
	return ff_host_is_spam(host) || ff_hosts_match(&lists->referrers.hosts, host);
}
