/* Any bytes as a snapshot of sites; size and CRC are made right, so that what lies behind them is reached. */
#include "base/crc32c.h"
#include "base/log.h"
#include "fact/site.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint32_t sink;

static void
look_everywhere(const struct ff_snapshot *s)
{
	struct ff_uuid            id = { { 1 } };
	uint8_t                   hash[32] = { 1 };
	const struct ff_site_key *key = ff_snapshot_key(s, hash);

	if (key)
		sink = ff_crc32c(0, key->scopes.p, key->scopes.len);
	for (size_t i = 0; i < ff_snapshot_count(s); i++) {
		const struct ff_site *site = ff_snapshot_at(s, i);

		ff_snapshot_by_domain(s, site->domain);
		ff_snapshot_by_id(s, &site->public_id);
		ff_snapshot_has_item(s, site->site_id, site->default_kind, site->name);
		sink = ff_crc32c(ff_crc32c(0, site->exclude.p, site->exclude.len), site->time_zone.p, site->time_zone.len);
		sink = ff_crc32c(ff_crc32c(0, site->exclude_paths.p, site->exclude_paths.len), site->qualified.p,
		    site->qualified.len);
	}
	ff_snapshot_by_domain(s, FF_STR("www.Example.com"));
	ff_snapshot_by_id(s, &id);
	ff_snapshot_has_item(s, 1, FF_STR("photo"), FF_STR("1"));
}

static void
make_right(uint8_t *copy, size_t size)
{
	uint32_t size32 = (uint32_t)size, one = 1, crc;

	if (size < 64)
		return;
	memcpy(copy, "FFSITES2", 8);
	memcpy(copy + 8, &one, 4);
	memcpy(copy + 16, &size32, 4);
	crc = ff_crc32c(0, copy + 64, size - 64);
	memcpy(copy + 12, &crc, 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_snapshot *s;
	uint8_t            *copy = malloc(size + 1);
	char                path[64];
	int                 fd = memfd_create("snapshot", 0);

	ff_log_setup("fuzz", (enum ff_log_level)0);
	memcpy(copy, data, size);
	make_right(copy, size);
	if (fd < 0 || fchmod(fd, 0600) != 0 || write(fd, copy, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (ff_snapshot_open(&s, path) == FF_OK) {
		look_everywhere(s);
		ff_snapshot_close(s);
	}
	close(fd);
	free(copy);
	return 0;
}
