#include "base/io.h"
#include "base/log.h"
#include "fact/visitor.h"
#include "room/cron/cron.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* On a disk a destroyed salt could be read again from free blocks. */
static void
check_run_dir(struct ff_cron *cron)
{
	struct statfs fs;

	if (cron->warned_run_dir || statfs(cron->conf->run_dir, &fs) != 0 || fs.f_type == TMPFS_MAGIC ||
	    fs.f_type == RAMFS_MAGIC)
		return;
	ff_warn("salts", "run_dir %s is no tmpfs: destroyed salts may stay readable on the disk", cron->conf->run_dir);
	cron->warned_run_dir = true;
}

/* Without a database there is no advisory lock, and two processes must not make two different salts of a day. */
static enum ff_err
rotate_locked(const char *path, const char *lock_path, int32_t today)
{
	int         fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum ff_err err;

	if (fd < 0 || flock(fd, LOCK_EX) != 0) {
		ff_error("salts", "cannot lock %s: %s", lock_path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return FF_IO;
	}
	err = ff_salts_rotate(path, today);
	close(fd);
	return err;
}

enum ff_err
ff_task_salts(struct ff_cron *cron, struct ff_run *run)
{
	const char *path = ff_str_printf(&run->arena, "%s/salts", cron->conf->run_dir).p;
	const char *lock = ff_str_printf(&run->arena, "%s.lock", path).p;
	struct stat before = { 0 }, after = { 0 };

	if (ff_io_make_dir(cron->conf->run_dir, 0750) != FF_OK) {
		ff_error("salts", "cannot make %s: %s", cron->conf->run_dir, strerror(errno));
		return FF_IO;
	}
	check_run_dir(cron);
	(void)stat(path, &before);
	FF_TRY(rotate_locked(path, lock, ff_day_of_us(run->started_us)));
	(void)stat(path, &after);
	run->idle = before.st_ino == after.st_ino;
	ff_run_say(run, run->idle ? "salts are in place" : "salts were made or destroyed");
	return FF_OK;
}
