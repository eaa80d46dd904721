/* Any bytes as a file of an archive, as they stand and as what gzip unpacks, and as its manifest. */
#include "base/io.h"
#include "base/log.h"
#include "fact/archive_inside.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/archive_inside.h is broken");
}

static void
read_rows(const char *path)
{
	static struct ff_archive_reader r;
	enum ff_err                     err;
	size_t                          rows = 0;

	if (ff_archive_reader_open(&r, path) != FF_OK)
		return;
	while ((err = ff_archive_reader_next(&r)) == FF_OK && rows++ < 100000) {
		must(r.n <= FF_ARCHIVE_COLUMNS_MAX);
		for (size_t i = 0; i < r.n; i++) {
			struct ff_str cell = ff_archive_reader_cell(&r, i);

			must(cell.len == 0 || (cell.p >= r.buf.p && cell.p + cell.len <= r.buf.p + r.buf.len));
		}
	}
	must(err == FF_OK || err == FF_END || err == FF_CORRUPT);
	ff_archive_reader_close(&r);
}

static void
read_manifest(const char *dir)
{
	struct ff_archive archive;
	struct ff_arena   arena;
	enum ff_err       err;

	ff_arena_init(&arena);
	err = ff_archive_manifest_read(&arena, dir, &archive);
	must(err == FF_OK || err == FF_CORRUPT || err == FF_TOO_LARGE);
	for (int t = 0; err == FF_OK && t < FF_ARCHIVE_TABLES; t++)
		must(archive.files[t].sha256[64] == '\0' && archive.domain.len > 0 && archive.part > 0);
	ff_arena_free(&arena);
}

/* A directory in memory, for as long as the process lives. */
static const char *
directory(void)
{
	static char dir[] = "/dev/shm/ff-fuzz-archive.XXXXXX";
	static bool made;

	if (!made && mkdtemp(dir) == NULL)
		ff_panic("no directory in /dev/shm");
	made = true;
	return dir;
}

static char made_path[128];

static void
leave(void)
{
	unlink(made_path);
	rmdir(directory());
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	int         fd;

	if (!begun) {
		begun = true;
		ff_log_setup("fuzz", (enum ff_log_level)-1);
		snprintf(made_path, sizeof made_path, "%s/manifest.json", directory());
		atexit(leave);
	}
	fd = open(made_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	read_rows(made_path);
	read_manifest(directory());
	return 0;
}
