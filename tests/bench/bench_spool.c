/* bench_spool [DIR]: durable records a second against the size of a group, on the disk under DIR (default: here).
 * Records of 300 bytes, 8 MiB segments, drained ones recycled; a second line of figures for files that grow, so
 * that what zero-filling brings on this disk stands beside it. */
#include "base/day.h"
#include "base/log.h"
#include "safe/rand.h"
#include "spool/spool.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAYLOAD 300
#define SECONDS 1.0
#define GROUP_MAX 1024

static char payload[PAYLOAD];

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
drain(const char *dir)
{
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	size_t                         n;

	if (ff_spool_reader_open(&r, dir) != FF_OK || ff_spool_scan(r, &segments, &n) != FF_OK)
		ff_panic("cannot drain");
	for (size_t i = 0; i < n; i++)
		if (segments[i].complete && ff_spool_retire(r, &segments[i]) != FF_OK)
			ff_panic("cannot retire");
	ff_spool_reader_close(r);
}

/* Groups a second and the slowest group in milliseconds. */
static double
spool_rate(const char *dir, size_t group, double *slowest)
{
	struct ff_spool_options options = { .dir = dir, .segment_size = 8 << 20, .tuple_version = 1, .sync = true };
	struct ff_spool_record  records[GROUP_MAX];
	struct ff_spool_writer *w;
	int64_t                 start, before, now, worst = 0;
	long                    groups = 0;

	memset(records, 0, sizeof records);
	for (size_t i = 0; i < group; i++)
		records[i].payload = ff_str_of(payload, PAYLOAD);
	if (ff_spool_open(&w, &options) != FF_OK)
		ff_panic("cannot open the spool");
	for (start = before = ff_now(); before - start < (int64_t)(SECONDS * 1e6); before = now, groups++) {
		if (ff_spool_append(w, records, group) != FF_OK)
			ff_panic("cannot append");
		now = ff_now();
		worst = now - before > worst ? now - before : worst;
		if (groups % 256 == 255) {
			drain(dir);
			now = ff_now();
		}
	}
	ff_spool_close(w);
	drain(dir);
	*slowest = (double)worst / 1e3;
	return (double)groups / ((double)(before - start) / 1e6);
}

static double
growing_rate(const char *dir, size_t group)
{
	size_t  len = group * (PAYLOAD + 40);
	char    path[4200], *bytes = calloc(group, PAYLOAD + 40);
	int64_t start = ff_now();
	long    groups = 0;
	int     fd;

	snprintf(path, sizeof path, "%s/growing", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	for (; ff_now() - start < (int64_t)(SECONDS * 1e6); groups++)
		if (fd < 0 || write(fd, bytes, len) != (ssize_t)len || fdatasync(fd) != 0)
			ff_panic("cannot write");
	close(fd);
	unlink(path);
	free(bytes);
	return (double)groups / ((double)(ff_now() - start) / 1e6);
}

int
main(int argc, char **argv)
{
	static const size_t groups[] = { 1, 4, 16, 64, 256, 1024 };
	char                dir[4096];

	snprintf(dir, sizeof dir, "%s/bench-spool-XXXXXX", argc > 1 ? argv[1] : ".");
	if (mkdtemp(dir) == NULL)
		ff_panic("cannot make a directory");
	ff_safe_init();
	ff_log_setup("bench_spool", FF_LOG_ERROR);
	printf("%8s %14s %12s %12s %18s %7s\n", "group", "records/s", "groups/s", "slowest ms", "growing file, r/s", "ratio");
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		double slowest, rate = spool_rate(dir, groups[i], &slowest), growing = growing_rate(dir, groups[i]);
		double n = (double)groups[i];

		printf("%8zu %14.0f %12.0f %12.1f %18.0f %7.2f\n", groups[i], rate * n, rate, slowest, growing * n, rate / growing);
	}
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
