/* Any bytes as a segment file. The first byte says under which name and how much is made right: CRCs of header and
 * footer, and records written into it at places that the input names, so that more than the first check is reached.
 * Held to: no crash, every record given lies inside and in order, and a second reading gives the same. */
#include "base/log.h"
#include "safe/rand.h"
#include "spool/segment.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE FF_SEGMENT_MIN

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char dir[64];

static void end(void);

static const char *const names[] = { "a.open", "a.seg", "a.00001000.cut", "a.ffffffff.cut" };

static void
begin(void)
{
	if (dir[0] != '\0')
		return;
	ff_safe_init();
	ff_log_setup("fuzz", (enum ff_log_level)0);
	snprintf(dir, sizeof dir, "/dev/shm/ff-fuzz-XXXXXX");
	if (mkdtemp(dir) == NULL)
		abort();
	atexit(end);
}

/* Records where pairs of input bytes say, each over what is there. */
static void
put_records(char *file, uint32_t seed, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 3 <= size && i < 60; i += 3) {
		uint32_t               off = ((uint32_t)data[i] << 8 | data[i + 1]) % SIZE & ~UINT32_C(7);
		struct ff_spool_record record = { .payload = { (const char *)data, data[i + 2] < size ? data[i + 2] : size } };

		if (off + ff_record_size(record.payload.len) <= SIZE)
			ff_record_put(file + off, &record, seed, off, (uint32_t)i);
	}
}

static void
make_right(char *file, uint8_t how, const uint8_t *data, size_t size)
{
	struct ff_segment_header header;
	struct ff_segment_footer footer;

	memcpy(&header, file, sizeof header);
	memcpy(&footer, file + SIZE - sizeof footer, sizeof footer);
	if (how & 4)
		put_records(file, ff_segment_seed(&header.uuid), data, size);
	if (how & 8) {
		header.size = SIZE;
		ff_segment_header_seal(&header);
		memcpy(file, &header, sizeof header);
	}
	if (how & 16) {
		footer.uuid = header.uuid;
		ff_segment_footer_seal(&footer, SIZE);
		memcpy(file + SIZE - sizeof footer, &footer, sizeof footer);
	}
}

static void
put_file(const char *name, const char *bytes, size_t size)
{
	char path[128];
	int  fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

static uint64_t
read_segment(struct ff_spool_reader *r, const struct ff_spool_segment *segment, uint64_t off)
{
	struct ff_spool_item item;
	uint64_t             sum = 0, last = 0;
	enum ff_err          err;

	if (ff_spool_seek(r, segment, off) != FF_OK)
		abort();
	while ((err = ff_spool_next(r, &item)) == FF_OK) {
		if (item.off < last || item.next <= item.off || item.next > segment->end || item.off < FF_SEGMENT_HEADER)
			abort();
		last = item.next;
		sum = sum * 31 + item.off + item.payload.len + (item.payload.len ? (uint8_t)item.payload.p[item.payload.len - 1] : 0);
	}
	if (err != FF_END)
		abort();
	return sum;
}

static void
read_all(void)
{
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	struct ff_spool_usage          usage;
	size_t                         n;
	uint64_t                       first = 0;

	if (ff_spool_usage(dir, NULL, NULL, &usage) != FF_OK || ff_spool_reader_open(&r, dir) != FF_OK)
		abort();
	for (int pass = 0; pass < 2; pass++) {
		if (ff_spool_scan(r, &segments, &n) != FF_OK || n > 1)
			abort();
		if (n == 1 && pass == 0)
			first = read_segment(r, &segments[0], 0);
		else if (n == 1 && read_segment(r, &segments[0], 0) != first)
			abort();
	}
	if (n == 1) {
		read_segment(r, &segments[0], 1237);
		if (!segments[0].complete || ff_spool_retire(r, &segments[0]) != FF_OK)
			abort();
	}
	ff_spool_reader_close(r);
}

static void
sweep(const char *sub)
{
	char           path[512];
	DIR           *d;
	struct dirent *entry;

	snprintf(path, sizeof path, "%s%s", dir, sub);
	d = opendir(path);
	while (d != NULL && (entry = readdir(d)) != NULL)
		if (entry->d_type == DT_REG)
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
}

static void
end(void)
{
	char bad[80];

	snprintf(bad, sizeof bad, "%s/bad", dir);
	sweep("/bad");
	sweep("");
	rmdir(bad);
	rmdir(dir);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char file[SIZE];
	size_t      take;

	begin();
	if (size < 1 || size > SIZE)
		return 0;
	memset(file, 0, sizeof file);
	take = size - 1 < sizeof file ? size - 1 : sizeof file;
	memcpy(file, data + 1, take);
	if ((data[0] & 32) != 0 && take > 64) /* the tail of the input is the tail of the file */
		memcpy(file + SIZE - 64, data + size - 64, 64);
	make_right(file, data[0], data + 1, size - 1);
	put_file(names[data[0] & 3], file, (data[0] & 64) != 0 ? take : SIZE);
	read_all();
	sweep("");
	sweep("/bad");
	return 0;
}
