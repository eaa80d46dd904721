/* spool_put DIR SITE N - appends N pageviews of new visitors to a spool, synced, and closes it: what a collector leaves
 * behind. For script tests of the drain. */
#include "base/day.h"
#include "fact/event.h"
#include "fact/tuple.h"
#include "safe/rand.h"
#include "spool/spool.h"

#include <stdio.h>
#include <stdlib.h>

static enum ff_err
put(struct ff_spool_writer *writer, int32_t site, int64_t now_us)
{
	struct ff_event event = { .site_id = site, .received_us = now_us, .ts_us = now_us, .kind = FF_KIND_PAGEVIEW,
		.scroll = 255, .name = FF_STR("pageview"), .hostname = FF_STR("example.org"), .path = FF_STR("/hello") };
	struct ff_spool_record record = { .received_us = now_us };
	struct ff_fault        fault;
	struct ff_buf          buf;
	uint8_t                random[10];
	enum ff_err            err;

	ff_random(random, sizeof random);
	record.event_id = event.event_id = ff_uuid_v7(now_us, random);
	event.visitor = (uint64_t)ff_random_below(UINT32_MAX) + 1;
	ff_buf_init(&buf, 16384);
	err = ff_tuple_encode(&event, &buf, &fault);
	record.payload = ff_buf_view(&buf);
	if (err == FF_OK)
		err = ff_spool_append(writer, &record, 1);
	ff_buf_free(&buf);
	return err;
}

int
main(int argc, char **argv)
{
	struct ff_spool_options options = { .segment_size = 1 << 20, .soft_limit = 1 << 30, .hard_limit = 1 << 30,
		.tuple_version = FF_TUPLE_VERSION, .sync = true };
	struct ff_spool_writer *writer;

	if (argc != 4)
		return 2;
	ff_safe_init();
	options.dir = argv[1];
	if (ff_spool_open(&writer, &options) != FF_OK)
		return 1;
	for (long n = strtol(argv[3], NULL, 10); n > 0; n--)
		if (put(writer, (int32_t)strtol(argv[2], NULL, 10), ff_now()) != FF_OK)
			return 1;
	ff_spool_close(writer);
	return 0;
}
