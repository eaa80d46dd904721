#include "tests/spool/lab.h"

#include "base/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
lab_asked(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] != '\0';
}

void
lab_make(char dir[64])
{
	snprintf(dir, 64, "/tmp/ff-spool-XXXXXX");
	if (mkdtemp(dir) == NULL)
		ff_panic("no temporary directory");
}

void
lab_make_in_memory(char dir[64])
{
	snprintf(dir, 64, "/dev/shm/ff-spool-XXXXXX");
	if (mkdtemp(dir) == NULL)
		lab_make(dir);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
lab_remove(const char *dir)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static size_t
length_of(uint32_t number)
{
	return number % 17 == 0 ? 0 : number * 2654435761u % LAB_PAYLOAD;
}

void
lab_record(uint32_t number, struct ff_spool_record *record, char payload[LAB_PAYLOAD])
{
	uint32_t x = number * 747796405u + 1;

	for (size_t i = 0; i < length_of(number); i++) {
		x = x * 1664525u + 1013904223u;
		payload[i] = (char)(x >> 24);
	}
	memset(record, 0, sizeof *record);
	memcpy(record->event_id.b, &number, sizeof number);
	record->received_us = (int64_t)number * 1000 + 1;
	record->payload = ff_str_of(payload, length_of(number));
}

struct ff_spool_options
lab_options(const char *dir)
{
	return (struct ff_spool_options){ .dir = dir, .segment_size = 32 * 1024, .tuple_version = 1, .sync = true };
}

enum ff_err
lab_append(struct ff_spool_writer *writer, uint32_t first, uint32_t n)
{
	struct ff_spool_record *records = calloc(n + 1, sizeof *records);
	char (*payloads)[LAB_PAYLOAD] = calloc(n + 1, sizeof *payloads);
	enum ff_err err;

	for (uint32_t i = 0; i < n; i++)
		lab_record(first + i, &records[i], payloads[i]);
	err = ff_spool_append(writer, records, n);
	free(records);
	free(payloads);
	return err;
}

static void
count_item(const struct ff_spool_item *item, struct lab_counts *counts)
{
	struct ff_spool_record want;
	char                   payload[LAB_PAYLOAD];
	uint32_t               number;

	memcpy(&number, item->event_id.b, sizeof number);
	lab_record(number, &want, payload);
	counts->records++;
	if (number >= LAB_MAX || memcmp(&want.event_id, &item->event_id, sizeof want.event_id) != 0
	    || want.received_us != item->received_us || !ff_str_eq(want.payload, item->payload)) {
		counts->wrong++;
		return;
	}
	if (counts->seen[number] < 255)
		counts->seen[number]++;
}

static enum ff_err
read_segment(struct ff_spool_reader *reader, const struct ff_spool_segment *segment, struct lab_counts *counts)
{
	struct ff_spool_item item;
	enum ff_err          err;

	FF_TRY(ff_spool_seek(reader, segment, 0));
	while ((err = ff_spool_next(reader, &item)) == FF_OK)
		count_item(&item, counts);
	return err == FF_END ? FF_OK : err;
}

static enum ff_err
read_all(struct ff_spool_reader *reader, bool retire, struct lab_counts *counts)
{
	const struct ff_spool_segment *segments;
	size_t                         n;

	FF_TRY(ff_spool_scan(reader, &segments, &n));
	counts->segments = (unsigned)n;
	for (size_t i = 0; i < n; i++) {
		FF_TRY(read_segment(reader, &segments[i], counts));
		counts->complete += segments[i].complete;
		if (retire && segments[i].complete)
			FF_TRY(ff_spool_retire(reader, &segments[i]));
	}
	return FF_OK;
}

enum ff_err
lab_read(const char *dir, bool retire, struct lab_counts *counts)
{
	struct ff_spool_reader *reader;
	enum ff_err             err;

	memset(counts, 0, sizeof *counts);
	FF_TRY(ff_spool_reader_open(&reader, dir));
	err = read_all(reader, retire, counts);
	ff_spool_reader_close(reader);
	return err;
}

static bool
ends_with(const char *name, const char *suffix)
{
	return ff_str_ends(ff_str_from(name), ff_str_from(suffix)) && name[0] != '.';
}

unsigned
lab_files(const char *dir, const char *suffix)
{
	DIR           *d = opendir(dir);
	struct dirent *entry;
	unsigned       n = 0;

	while (d != NULL && (entry = readdir(d)) != NULL)
		n += ends_with(entry->d_name, suffix);
	if (d != NULL)
		closedir(d);
	return n;
}

bool
lab_file(const char *dir, const char *suffix, unsigned n, char path[512])
{
	struct dirent **list;
	int             count = scandir(dir, &list, NULL, alphasort);
	bool            found = false;

	for (int i = 0; i < count; i++) {
		if (!found && ends_with(list[i]->d_name, suffix) && n-- == 0) {
			snprintf(path, 512, "%s/%s", dir, list[i]->d_name);
			found = true;
		}
		free(list[i]);
	}
	if (count >= 0)
		free(list);
	return found;
}
