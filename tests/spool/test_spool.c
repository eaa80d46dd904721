#include "tests/lib/unit.h"

#include "base/log.h"
#include "spool/segment.h"
#include "tests/spool/lab.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char dir[64];
static struct lab_counts counts;

static int
make_dir(void **state)
{
	(void)state;
	lab_make(dir);
	return 0;
}

static int
make_dir_in_memory(void **state)
{
	(void)state;
	lab_make_in_memory(dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	lab_remove(dir);
	return 0;
}

/* Numbers [from, to) each `times` times, nothing wrong. */
static void
assert_seen(uint32_t from, uint32_t to, unsigned times)
{
	for (uint32_t i = from; i < to; i++)
		if (counts.seen[i] != times)
			fail_msg("record %u was read %u times, not %u", i, counts.seen[i], times);
	assert_int_equal(counts.wrong, 0);
}

static struct ff_spool_writer *
writer_of(struct ff_spool_options options)
{
	struct ff_spool_writer *w;

	assert_ok(ff_spool_open(&w, &options));
	return w;
}

/* What a killed process leaves behind: nothing is sealed, all locks are gone. */
static void
die_after_writing(uint32_t first, uint32_t n, uint32_t groups)
{
	int status;

	if (fork() == 0) {
		struct ff_spool_options options = lab_options(dir);
		struct ff_spool_writer *w;

		if (ff_spool_open(&w, &options) != FF_OK)
			_exit(1);
		for (uint32_t g = 0; g < groups; g++)
			if (lab_append(w, first + g * n, n) != FF_OK)
				_exit(2);
		_exit(0);
	}
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
}

static void
what_is_appended_is_read_while_the_writer_lives(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));

	(void)state;
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.records, 0);
	assert_int_equal(counts.segments, 1);
	assert_int_equal(counts.complete, 0);
	assert_ok(lab_append(w, 0, 7));
	assert_ok(lab_append(w, 7, 1));
	assert_ok(ff_spool_append(w, NULL, 0));
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(0, 8, 1);
	assert_int_equal(counts.records, 8);
	assert_int_equal(counts.complete, 0);
	ff_spool_close(w);
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(0, 8, 1);
	assert_int_equal(counts.complete, 1);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.segments, 0);
	assert_int_equal(lab_files(dir, ".mark"), 0);
}

static void
reading_goes_on_where_it_stopped(void **state)
{
	struct ff_spool_writer        *w = writer_of(lab_options(dir));
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	struct ff_spool_item           item;
	uint64_t                       off;
	size_t                         n;

	(void)state;
	assert_ok(lab_append(w, 1, 2));
	assert_ok(ff_spool_reader_open(&r, dir));
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_int_equal(n, 1);
	assert_ok(ff_spool_seek(r, &segments[0], 0));
	assert_ok(ff_spool_next(r, &item));
	assert_int_equal(item.off, FF_SEGMENT_HEADER);
	off = item.next;
	assert_ok(ff_spool_seek(r, &segments[0], off));
	assert_ok(ff_spool_next(r, &item));
	assert_int_equal(item.event_id.b[0], 2);
	assert_int_equal(item.next, segments[0].end);
	assert_err(FF_END, ff_spool_next(r, &item));
	off = item.next;
	assert_ok(lab_append(w, 3, 1));
	assert_ok(ff_spool_seek(r, &segments[0], off));
	assert_err(FF_END, ff_spool_next(r, &item)); /* not before the next look */
	ff_spool_close(w);                           /* sealed: found by its new name */
	assert_ok(ff_spool_seek(r, &segments[0], 0));
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_ok(ff_spool_seek(r, &segments[0], off));
	assert_ok(ff_spool_next(r, &item));
	assert_int_equal(item.event_id.b[0], 3);
	assert_true(segments[0].complete);
	assert_int_equal(segments[0].tuple_version, 1);
	ff_spool_reader_close(r);
}

static void
segments_roll_and_come_in_order_of_writing(void **state)
{
	struct ff_spool_writer        *w = writer_of(lab_options(dir));
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	struct ff_spool_item           item;
	uint32_t                       next = 0, number;
	size_t                         n;

	(void)state;
	for (uint32_t i = 0; i < 60; i++)
		assert_ok(lab_append(w, i * 5, 5));
	ff_spool_close(w);
	assert_ok(ff_spool_reader_open(&r, dir));
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_true(n >= 6);
	for (size_t i = 0; i < n; i++) {
		assert_true(segments[i].complete);
		assert_ok(ff_spool_seek(r, &segments[i], 0));
		while (ff_spool_next(r, &item) == FF_OK) {
			memcpy(&number, item.event_id.b, sizeof number);
			assert_int_equal(number, next);
			next++;
		}
	}
	assert_int_equal(next, 300);
	ff_spool_reader_close(r);
}

/* As a directory of many blocks lists it, when its name changes meanwhile. */
static void
a_segment_that_is_listed_by_both_its_names_is_read_once(void **state)
{
	DIR           *d = NULL;
	struct dirent *entry;
	char           old[300] = "", new[300];

	(void)state;
	die_after_writing(0, 8, 1);
	d = opendir(dir);
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		if (strstr(entry->d_name, ".open") != NULL)
			snprintf(old, sizeof old, "%s", entry->d_name);
	snprintf(new, sizeof new, "%.*s.seg", (int)(strlen(old) - strlen(".open")), old);
	assert_int_equal(linkat(dirfd(d), old, dirfd(d), new, 0), 0);
	closedir(d);
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(0, 8, 1);
	assert_int_equal(counts.segments, 1);
}

static void
a_group_larger_than_a_segment_is_stored_whole(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));

	(void)state;
	assert_ok(lab_append(w, 0, 3));
	assert_ok(lab_append(w, 3, 300));
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(0, 303, 1);
	ff_spool_close(w);
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(0, 303, 1);
	assert_int_equal(counts.records, 303);
}

static void
the_largest_record_fits_and_a_larger_one_is_refused(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	static char             bytes[FF_RECORD_MAX];
	struct ff_spool_record  record = { .payload = { bytes, FF_RECORD_MAX - FF_RECORD_HEADER } };

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_ok(ff_spool_append(w, &record, 1));
	record.payload.len++;
	assert_err(FF_INVALID, ff_spool_append(w, &record, 1));
	ff_spool_close(w);
	assert_ok(lab_read(dir, false, &counts));
	assert_int_equal(counts.records, 5);
}

static void
drained_segments_are_used_again_and_old_records_stay_dead(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	unsigned                most = 0;

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		assert_ok(lab_append(w, i * 5, 5));
		if (i % 20 == 19) {
			unsigned files = lab_files(dir, ".open") + lab_files(dir, ".seg") + lab_files(dir, ".spare")
			    + lab_files(dir, ".new");

			most = files > most ? files : most;
			assert_ok(lab_read(dir, true, &counts));
			assert_int_equal(counts.wrong, 0);
			for (uint32_t k = 0; k < (i - 19) * 5; k++)
				assert_true(counts.seen[k] == 0 || k > (i - 29) * 5);
		}
	}
	assert_true(most < 14);
	ff_spool_close(w);
	assert_int_equal(lab_files(dir, ".bad"), 0);
}

static void
a_dead_writers_recycled_segment_gives_its_own_records_only(void **state)
{
	(void)state;
	for (uint32_t life = 0; life < 10; life++) {
		die_after_writing(life * 100, 10, 6);
		assert_ok(lab_read(dir, true, &counts));
		assert_int_equal(counts.records, 60);
		assert_seen(life * 100, life * 100 + 60, 1);
		assert_int_equal(counts.segments, counts.complete);
		assert_true(lab_files(dir, ".spare") > 0);
	}
	assert_int_equal(access(dir, F_OK), 0);
	assert_int_equal(lab_files(dir, "bad"), 0);
}

static void
an_unused_segment_becomes_a_spare(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		ff_spool_close(writer_of(lab_options(dir)));
	assert_int_equal(lab_files(dir, ".spare"), 1);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.segments, 0);
}

static void
a_spare_of_another_size_is_left_to_others(void **state)
{
	struct ff_spool_options options = lab_options(dir);
	struct ff_spool_writer *w;

	(void)state;
	ff_spool_close(writer_of(options));
	options.segment_size = 64 * 1024;
	ff_spool_close(writer_of(options));
	assert_int_equal(lab_files(dir, ".spare"), 2);
	ff_spool_close(writer_of(options));
	assert_int_equal(lab_files(dir, ".spare"), 2);
	options.segment_size = 1024;
	assert_err(FF_INVALID, ff_spool_open(&w, &options));
}

static void
two_writers_do_not_disturb_each_other(void **state)
{
	struct ff_spool_writer *a = writer_of(lab_options(dir)), *b = writer_of(lab_options(dir));

	(void)state;
	for (uint32_t i = 0; i < 50; i++) {
		assert_ok(lab_append(a, i * 10, 5));
		assert_ok(lab_append(b, i * 10 + 5, 5));
	}
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(0, 500, 1);
	ff_spool_close(a);
	assert_ok(lab_append(b, 500, 5));
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(0, 505, 1);
	ff_spool_close(b);
}

static void
only_one_drainer_at_a_time(void **state)
{
	struct ff_spool_reader *a, *b;

	(void)state;
	assert_ok(ff_spool_reader_open(&a, dir));
	assert_err(FF_BUSY, ff_spool_reader_open(&b, dir));
	ff_spool_reader_close(a);
	assert_ok(ff_spool_reader_open(&b, dir));
	ff_spool_reader_close(b);
	assert_err(FF_NOT_FOUND, ff_spool_reader_open(&a, "/nowhere/spool"));
}

static void
a_living_segment_is_not_retired(void **state)
{
	struct ff_spool_writer        *w = writer_of(lab_options(dir));
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	struct ff_spool_segment        unknown = { .complete = true };
	size_t                         n;

	(void)state;
	assert_ok(lab_append(w, 0, 3));
	assert_ok(ff_spool_reader_open(&r, dir));
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_err(FF_BUSY, ff_spool_retire(r, &segments[0]));
	assert_err(FF_NOT_FOUND, ff_spool_retire(r, &unknown));
	assert_err(FF_NOT_FOUND, ff_spool_seek(r, &unknown, 0));
	ff_spool_reader_close(r);
	ff_spool_close(w);
}

static void
the_hard_limit_refuses_until_the_drain_made_room(void **state)
{
	struct ff_spool_options options = lab_options(dir);
	struct ff_spool_writer *w, *second;
	uint32_t                i = 0;

	(void)state;
	options.soft_limit = 2 * 32 * 1024;
	options.hard_limit = 4 * 32 * 1024;
	w = writer_of(options);
	while (lab_append(w, i * 5, 5) == FF_OK)
		i++;
	assert_true(i > 20 && i < 50);
	assert_err(FF_STORAGE, lab_append(w, i * 5, 5));
	assert_err(FF_STORAGE, ff_spool_open(&second, &options));
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(0, i * 5, 1);
	assert_int_equal(counts.records, i * 5);
	assert_ok(lab_append(w, i * 5, 5));
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(i * 5, i * 5 + 5, 1);
	ff_spool_close(w);
}

static void
interval_shows_records_only_after_a_sync(void **state)
{
	struct ff_spool_options options = lab_options(dir);
	struct ff_spool_writer *w;

	(void)state;
	options.sync = false;
	w = writer_of(options);
	assert_ok(lab_append(w, 0, 5));
	assert_ok(lab_read(dir, false, &counts));
	assert_int_equal(counts.records, 0);
	assert_ok(ff_spool_sync(w));
	assert_ok(ff_spool_sync(w));
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(0, 5, 1);
	for (uint32_t i = 1; i < 60; i++)
		assert_ok(lab_append(w, i * 5, 5));
	ff_spool_close(w);
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(0, 300, 1);
	assert_int_equal(counts.records, 300);
	assert_int_equal(lab_files(dir, ".seg"), counts.segments);
}

/* Found by a fuzzer: the length that such a name gives did not fit its number. */
static void
usage_believes_no_name_that_ends_behind_its_file(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	struct ff_spool_usage   usage;
	char                    path[512], cut[560];

	(void)state;
	assert_ok(lab_append(w, 5, 2));
	ff_spool_close(w);
	assert_true(lab_file(dir, ".seg", 0, path));
	(void)snprintf(cut, sizeof cut, "%.*s.ffffffff.cut", (int)(strlen(path) - 4), path);
	assert_int_equal(rename(path, cut), 0);
	assert_ok(ff_spool_usage(dir, NULL, NULL, &usage));
	assert_int_equal(usage.pending, 0);
}

static void
usage_tells_bytes_pending_and_the_oldest(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	struct ff_spool_usage   usage;
	uint64_t                before;

	(void)state;
	assert_ok(ff_spool_usage(dir, NULL, NULL, &usage));
	assert_int_equal(usage.segments, 1);
	assert_int_equal(usage.bytes, 32 * 1024);
	assert_int_equal(usage.pending, 0);
	assert_int_equal(usage.oldest_us, 0);
	assert_ok(lab_append(w, 5, 2));
	assert_ok(ff_spool_usage(dir, NULL, NULL, &usage));
	before = usage.pending;
	assert_true(before > 2 * FF_RECORD_HEADER);
	assert_int_equal(usage.oldest_us, 5001);
	for (uint32_t i = 10; i < 100; i += 5)
		assert_ok(lab_append(w, i, 5));
	ff_spool_close(w);
	assert_ok(ff_spool_usage(dir, NULL, NULL, &usage));
	assert_true(usage.pending > before && usage.segments == lab_files(dir, ".seg"));
	assert_int_equal(usage.oldest_us, 5001);
	assert_err(FF_IO, ff_spool_usage("/nowhere/spool", NULL, NULL, &usage));
}

static uint64_t
drained_to(void *ctx, const struct ff_uuid *segment)
{
	(void)segment;
	return *(uint64_t *)ctx;
}

static void
usage_leaves_out_what_is_drained(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	struct ff_spool_usage   all, rest;
	uint64_t                off;

	(void)state;
	assert_ok(lab_append(w, 5, 1));
	assert_ok(ff_spool_usage(dir, NULL, NULL, &all));
	off = FF_SEGMENT_HEADER + all.pending;
	assert_ok(lab_append(w, 9, 2));
	assert_ok(ff_spool_usage(dir, NULL, NULL, &all));
	assert_ok(ff_spool_usage(dir, drained_to, &off, &rest));
	assert_int_equal(rest.pending, all.pending - (off - FF_SEGMENT_HEADER));
	assert_int_equal(rest.oldest_us, 9001);
	off = FF_SEGMENT_HEADER + all.pending;
	assert_ok(ff_spool_usage(dir, drained_to, &off, &rest));
	assert_int_equal(rest.pending, 0);
	assert_int_equal(rest.oldest_us, 0);
	assert_int_equal(rest.segments, 1);
	assert_int_equal(rest.bytes, all.bytes);
	ff_spool_close(w);
}

/* ---- damage ---- */

static size_t
slurp(const char *path, char **bytes)
{
	int         fd = open(path, O_RDONLY);
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	*bytes = malloc((size_t)st.st_size);
	assert_int_equal(read(fd, *bytes, (size_t)st.st_size), st.st_size);
	close(fd);
	return (size_t)st.st_size;
}

static void
spit(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

/* Offsets of the records of a segment, and behind the last. */
static size_t
offsets_of(const char *bytes, uint32_t offs[64])
{
	uint32_t at = FF_SEGMENT_HEADER;
	size_t   n = 0;

	for (;;) {
		struct ff_record_header  h;
		struct ff_segment_header header;

		memcpy(&header, bytes, sizeof header);
		offs[n] = at;
		if (!ff_record_valid(bytes + at, header.size - at, ff_segment_seed(&header.uuid), at))
			return n;
		memcpy(&h, bytes + at, sizeof h);
		at += (uint32_t)ff_record_size(h.len);
		n++;
	}
}

static void
a_torn_tail_loses_only_what_was_not_whole(void **state)
{
	char     path[512], *bytes, *copy;
	uint32_t offs[64];
	size_t   size, n;

	(void)state;
	die_after_writing(1, 6, 1);
	assert_true(lab_file(dir, ".open", 0, path));
	size = slurp(path, &bytes);
	n = offsets_of(bytes, offs);
	assert_int_equal(n, 6);
	copy = malloc(size);
	for (uint32_t cut = FF_SEGMENT_HEADER; cut <= offs[6]; cut += lab_asked("FF_TEST_SHORT") ? 61 : 1) {
		unsigned whole = 0;

		while (whole < 6 && offs[whole + 1] <= cut)
			whole++;
		lab_remove(dir);
		assert_int_equal(mkdir(dir, 0700), 0);
		memcpy(copy, bytes, size);
		memset(copy + cut, 0, size - cut);
		spit(path, copy, size);
		assert_ok(lab_read(dir, false, &counts));
		/* a record whose padding or trailing zeros alone are cut is whole */
		assert_true(counts.records == whole || counts.records == whole + 1);
		assert_seen(1, 1 + whole, 1);
		assert_int_equal(lab_files(dir, ".seg"), 1);
		if (cut % 97 == 0) { /* the same when the file itself ends there */
			lab_remove(dir);
			assert_int_equal(mkdir(dir, 0700), 0);
			spit(path, bytes, cut);
			assert_ok(lab_read(dir, false, &counts));
			assert_seen(1, 1 + whole, 1);
		}
	}
	free(bytes);
	free(copy);
}

static void
a_flipped_bit_costs_one_record_and_goes_to_bad(void **state)
{
	char     path[512], bad[96], *bytes;
	uint32_t offs[64];
	size_t   size, n;

	(void)state;
	die_after_writing(1, 5, 1);
	assert_true(lab_file(dir, ".open", 0, path));
	size = slurp(path, &bytes);
	n = offsets_of(bytes, offs);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	for (size_t hit = 0; hit < n; hit++)
		for (uint32_t at = offs[hit]; at < offs[hit + 1] - 8; at += at < offs[hit] + FF_RECORD_HEADER ? 3 : 53) {
			lab_remove(dir);
			assert_int_equal(mkdir(dir, 0700), 0);
			bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
			spit(path, bytes, size);
			bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
			assert_ok(lab_read(dir, true, &counts));
			assert_int_equal(counts.records, n - 1);
			assert_seen(1 + (uint32_t)hit, 2 + (uint32_t)hit, 0);
			assert_int_equal(lab_files(bad, ".bad"), 1);
		}
	free(bytes);
}

static void
damage_in_a_sealed_segment_costs_the_hit_record_only(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	char                    path[512], bad[96], *bytes;
	uint32_t                offs[64];
	size_t                  size, n;

	(void)state;
	assert_ok(lab_append(w, 1, 8));
	ff_spool_close(w);
	assert_true(lab_file(dir, ".seg", 0, path));
	size = slurp(path, &bytes);
	n = offsets_of(bytes, offs);
	memset(bytes + offs[3] + 10, 0, 100);
	memset(bytes + offs[n - 1], 0, 60); /* zeros before the end that the footer names */
	spit(path, bytes, size);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.records, n - 2);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	assert_int_equal(lab_files(bad, ".bad"), 2);
	free(bytes);
}

static void
a_lost_footer_or_header_is_made_up_for_by_the_other(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	char                    path[512], bad[96], *bytes;
	size_t                  size;

	(void)state;
	assert_ok(lab_append(w, 1, 8));
	ff_spool_close(w);
	assert_true(lab_file(dir, ".seg", 0, path));
	size = slurp(path, &bytes);
	memset(bytes, 0, 16);
	spit(path, bytes, size);
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(1, 9, 1);
	free(bytes);

	w = writer_of(lab_options(dir));
	assert_ok(lab_append(w, 20, 8));
	ff_spool_close(w);
	assert_true(lab_file(dir, ".seg", 1, path));
	size = slurp(path, &bytes);
	memset(bytes + size - FF_SEGMENT_FOOTER, 0xaa, FF_SEGMENT_FOOTER);
	spit(path, bytes, size);
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(20, 28, 1);

	memset(bytes, 0, 16);
	memset(bytes + size - FF_SEGMENT_FOOTER, 0, FF_SEGMENT_FOOTER);
	spit(path, bytes, size);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.records, 8);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	assert_int_equal(lab_files(bad, ".seg"), 1); /* moved there whole */
	free(bytes);
}

static void
a_damaged_header_does_not_bring_an_earlier_life_back(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	char                    path[512], bad[96], *bytes;
	size_t                  size;

	(void)state;
	assert_ok(lab_append(w, 1, 6)); /* too few to have the next segment prepared: there is one spare */
	ff_spool_close(w);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(lab_files(dir, ".spare"), 1);
	die_after_writing(101, 3, 1);
	assert_true(lab_file(dir, ".open", 0, path));
	size = slurp(path, &bytes);
	memset(bytes, 0, 16);
	spit(path, bytes, size);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.records, 0);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	assert_int_equal(lab_files(bad, ".open"), 1);
	free(bytes);
}

static void
copied_bytes_of_another_segment_or_place_do_not_validate(void **state)
{
	char     first[512], second[512], *a, *b;
	uint32_t offs[64];
	size_t   size;

	(void)state;
	die_after_writing(1, 4, 1);
	die_after_writing(11, 4, 1);
	assert_true(lab_file(dir, ".open", 0, first) && lab_file(dir, ".open", 1, second));
	size = slurp(first, &a);
	assert_int_equal(slurp(second, &b), size);
	offsets_of(a, offs);
	memcpy(b + 16384, a + offs[0], offs[4] - offs[0]); /* another segment */
	memcpy(a + 16384, a + offs[0], offs[4] - offs[0]); /* another place */
	spit(first, a, size);
	spit(second, b, size);
	assert_ok(lab_read(dir, false, &counts));
	assert_int_equal(counts.records, 8);
	assert_seen(1, 5, 1);
	assert_seen(11, 15, 1);
	free(a);
	free(b);
}

static void
behind_the_cut_nothing_is_read(void **state)
{
	char     path[512], to[600], *bytes;
	uint32_t offs[64];

	(void)state;
	die_after_writing(1, 6, 1);
	assert_true(lab_file(dir, ".open", 0, path));
	slurp(path, &bytes);
	offsets_of(bytes, offs);
	snprintf(to, sizeof to, "%.*s.%08x.cut", (int)(strlen(path) - 5), path, offs[4]);
	assert_int_equal(rename(path, to), 0);
	assert_ok(lab_read(dir, true, &counts));
	assert_seen(1, 5, 1);
	assert_int_equal(counts.records, 4);
	assert_int_equal(lab_files(dir, ".cut"), 0); /* retired, and not used again */
	assert_int_equal(lab_files(dir, ".spare"), 0);
	free(bytes);
}

static void
make_old(const char *name, time_t age)
{
	struct timespec times[2] = { { time(NULL) - age, 0 }, { time(NULL) - age, 0 } };
	char            path[600];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	spit(path, "", 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
what_dead_processes_left_unused_goes_in_time(void **state)
{
	struct ff_spool_writer *w = writer_of(lab_options(dir));
	struct timespec         times[2] = { { 0, 0 }, { 0, 0 } };
	char                    path[512];

	(void)state;
	make_old("young.new", 5);
	make_old("old.new", 100);
	make_old("young.mark", 5);
	make_old("old.mark", 100);
	make_old("young.spare", 1000);
	make_old("old.spare", 90000);
	assert_true(lab_file(dir, ".mark", 0, path)); /* the living writer's, which comes first by its name */
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_ok(lab_append(w, 1, 3));
	assert_ok(lab_read(dir, false, &counts));
	assert_seen(1, 4, 1);
	assert_int_equal(lab_files(dir, ".new"), 1);
	assert_int_equal(lab_files(dir, ".mark"), 2);
	assert_int_equal(lab_files(dir, ".spare"), 1);
	ff_spool_close(w);
}

static void
bytes_that_cannot_be_put_aside_are_not_deleted(void **state)
{
	char                           path[512], bad[96], *bytes;
	struct ff_spool_reader        *r;
	const struct ff_spool_segment *segments;
	struct ff_spool_item           item;
	uint32_t                       offs[64];
	size_t                         size, n;

	(void)state;
	die_after_writing(1, 6, 1);
	assert_true(lab_file(dir, ".open", 0, path));
	size = slurp(path, &bytes);
	offsets_of(bytes, offs);
	bytes[offs[2] + 50] = (char)~bytes[offs[2] + 50];
	spit(path, bytes, size);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	spit(bad, "in the way", 10);
	assert_ok(ff_spool_reader_open(&r, dir));
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_int_equal(n, 1);
	assert_ok(ff_spool_seek(r, &segments[0], 0));
	for (int i = 0; i < 5; i++)
		assert_ok(ff_spool_next(r, &item));
	assert_err(FF_END, ff_spool_next(r, &item));
	assert_err(FF_IO, ff_spool_retire(r, &segments[0]));
	assert_int_equal(lab_files(dir, ".seg"), 1);
	assert_int_equal(unlink(bad), 0);
	assert_ok(ff_spool_scan(r, &segments, &n));
	assert_ok(ff_spool_retire(r, &segments[0]));
	assert_int_equal(lab_files(dir, ".seg"), 0);
	assert_int_equal(lab_files(bad, ".seg"), 1);
	ff_spool_reader_close(r);
	free(bytes);
}

static void
foreign_files_are_left_alone_or_put_aside(void **state)
{
	char path[600], bad[96];

	(void)state;
	snprintf(path, sizeof path, "%s/notes.txt", dir);
	spit(path, "hello", 5);
	snprintf(path, sizeof path, "%s/x.seg", dir);
	spit(path, "hello", 5);
	snprintf(path, sizeof path, "%s/y.mark", dir);
	spit(path, "hello", 5);
	snprintf(path, sizeof path, "%s/z.cut", dir);
	spit(path, "hello", 5);
	snprintf(path, sizeof path, "%s/d.open", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_ok(lab_read(dir, true, &counts));
	assert_int_equal(counts.segments, 0);
	assert_int_equal(lab_files(dir, ".txt"), 1);
	assert_int_equal(lab_files(dir, ".cut"), 1);
	snprintf(bad, sizeof bad, "%s/bad", dir);
	assert_int_equal(lab_files(bad, ".seg"), 1);
}

static void
names_tell_what_a_file_is(void **state)
{
	struct ff_segment_name name;
	char                   file[FF_SEGMENT_NAME];

	(void)state;
	ff_segment_name_parse("a-1-2.open", &name);
	assert_int_equal(name.kind, FF_SEGMENT_OPEN);
	assert_string_equal(name.base, "a-1-2");
	ff_segment_name_parse("a-1-2.0001f0c8.cut", &name);
	assert_int_equal(name.kind, FF_SEGMENT_CUT);
	assert_int_equal(name.cut_end, 0x1f0c8);
	assert_string_equal(name.base, "a-1-2");
	ff_segment_name_print(name.base, FF_SEGMENT_CUT, name.cut_end, file);
	assert_string_equal(file, "a-1-2.0001f0c8.cut");
	ff_segment_name_parse("a-1-2.0001f0cX.cut", &name);
	assert_int_equal(name.kind, FF_SEGMENT_OTHER);
	ff_segment_name_parse(".open", &name);
	assert_int_equal(name.kind, FF_SEGMENT_OTHER);
	ff_segment_name_parse("drain.lock", &name);
	assert_int_equal(name.kind, FF_SEGMENT_OTHER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)
#define FAST(name) cmocka_unit_test_setup_teardown(name, make_dir_in_memory, drop_dir)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_appended_is_read_while_the_writer_lives),
		TEST(reading_goes_on_where_it_stopped),
		TEST(segments_roll_and_come_in_order_of_writing),
		TEST(a_segment_that_is_listed_by_both_its_names_is_read_once),
		TEST(a_group_larger_than_a_segment_is_stored_whole),
		TEST(the_largest_record_fits_and_a_larger_one_is_refused),
		TEST(drained_segments_are_used_again_and_old_records_stay_dead),
		TEST(a_dead_writers_recycled_segment_gives_its_own_records_only),
		TEST(an_unused_segment_becomes_a_spare),
		TEST(a_spare_of_another_size_is_left_to_others),
		TEST(two_writers_do_not_disturb_each_other),
		TEST(only_one_drainer_at_a_time),
		TEST(a_living_segment_is_not_retired),
		TEST(the_hard_limit_refuses_until_the_drain_made_room),
		TEST(interval_shows_records_only_after_a_sync),
		FAST(usage_believes_no_name_that_ends_behind_its_file),
		TEST(usage_tells_bytes_pending_and_the_oldest),
		TEST(usage_leaves_out_what_is_drained),
		FAST(a_torn_tail_loses_only_what_was_not_whole),
		FAST(a_flipped_bit_costs_one_record_and_goes_to_bad),
		FAST(damage_in_a_sealed_segment_costs_the_hit_record_only),
		FAST(a_lost_footer_or_header_is_made_up_for_by_the_other),
		FAST(a_damaged_header_does_not_bring_an_earlier_life_back),
		FAST(copied_bytes_of_another_segment_or_place_do_not_validate),
		FAST(behind_the_cut_nothing_is_read),
		TEST(what_dead_processes_left_unused_goes_in_time),
		FAST(bytes_that_cannot_be_put_aside_are_not_deleted),
		TEST(foreign_files_are_left_alone_or_put_aside),
		TEST(names_tell_what_a_file_is),
	};

	ff_log_setup("test_spool", FF_LOG_ERROR); /* torn and damaged bytes are what these tests are made of */
	return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
