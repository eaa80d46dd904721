#include "door/meter.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/mapped.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const char magic[FF_MAPPED_MAGIC] = "FFMETER 1\n";

struct page {
	char             magic[FF_MAPPED_MAGIC];
	_Atomic uint64_t counts[FF_METER_COUNT], status[6], took[FF_METER_BUCKETS], took_us;
};

struct ff_meter {
	struct page *page;
};

enum ff_err
ff_meter_open(struct ff_meter **out, const char *path)
{
	void       *page;
	enum ff_err err = ff_mapped_open(path, magic, sizeof(struct page), 0600, &page);

	*out = NULL;
	if (err != FF_OK) {
		ff_warn("meter", "cannot use %s, so nothing is counted there: %s", path, strerror(errno));
		return err;
	}
	*out = ff_xmalloc(sizeof **out);
	(*out)->page = page;
	return FF_OK;
}

void
ff_meter_close(struct ff_meter *meter)
{
	if (meter == NULL)
		return;
	munmap(meter->page, sizeof *meter->page);
	free(meter);
}

static void
add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void
ff_meter_count(struct ff_meter *meter, enum ff_meter_count what)
{
	if (meter != NULL)
		add(&meter->page->counts[what], 1);
}

void
ff_meter_request(struct ff_meter *meter, int status, int64_t took_us)
{
	static const int64_t limits[] = FF_METER_LIMITS_MS;
	size_t               bucket = 0;

	if (meter == NULL || took_us < 0)
		return;
	while (bucket < FF_METER_BUCKETS - 1 && took_us > limits[bucket] * 1000)
		bucket++;
	add(&meter->page->took[bucket], 1);
	add(&meter->page->took_us, (uint64_t)took_us);
	add(&meter->page->status[status >= 100 && status < 600 ? status / 100 : 0], 1);
}

void
ff_meter_read(const struct ff_meter *meter, struct ff_meter_read *out)
{
	*out = (struct ff_meter_read){ 0 };
	if (meter == NULL)
		return;
	for (size_t i = 0; i < FF_METER_COUNT; i++)
		out->counts[i] = atomic_load(&meter->page->counts[i]);
	for (size_t i = 0; i < 6; i++)
		out->status[i] = atomic_load(&meter->page->status[i]);
	for (size_t i = 0; i < FF_METER_BUCKETS; i++)
		out->took[i] = atomic_load(&meter->page->took[i]);
	out->took_us = atomic_load(&meter->page->took_us);
}
