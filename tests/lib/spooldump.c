/* spooldump.c - prints every readable record of a spool directory as a line of JSON, changing nothing that a drain
 * would miss: it takes the drain lock, reads all segments from their beginning, and retires none.
 *
 *   spooldump DIR [--ids]      --ids: only the event ids */
#include "base/buf.h"
#include "fact/tuple.h"
#include "spool/spool.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

static void
put(struct ff_json_out *out, const char *key, struct ff_str value)
{
	ff_json_put_key(out, key);
	ff_json_put_str(out, value);
}

static void
put_i64(struct ff_json_out *out, const char *key, int64_t value)
{
	ff_json_put_key(out, key);
	ff_json_put_i64(out, value);
}

static void
put_told(struct ff_json_out *out, const struct ff_event *event)
{
	char id[37];

	ff_uuid_print(&event->event_id, id);
	put(out, "event_id", ff_str_from(id));
	put_i64(out, "site_id", event->site_id);
	put_i64(out, "received_us", event->received_us);
	put_i64(out, "ts_us", event->ts_us);
	put_i64(out, "visitor", (int64_t)event->visitor);
	put_i64(out, "visitor_prev", (int64_t)event->visitor_prev);
	put_i64(out, "kind", event->kind);
	put_i64(out, "view_type", event->view_type);
	put_i64(out, "view_source", event->view_source);
	put_i64(out, "robot", event->robot);
	put_i64(out, "flags", event->flags);
	put(out, "name", event->name);
	put(out, "hostname", event->hostname);
	put(out, "path", event->path);
	put(out, "item_kind", event->item.kind);
	put(out, "item_key", event->item.key);
	put(out, "item_title", event->item.title);
	put(out, "item_url", event->item.url);
	put(out, "item_owner", event->item.owner);
	put(out, "item_collection", event->item.collection);
	put_i64(out, "engaged_ms", event->engaged_ms);
	put_i64(out, "scroll", event->scroll);
	put_i64(out, "value_micros", event->value_micros);
	put(out, "currency", ff_str_of(event->currency, event->currency[0] ? 3 : 0));
	put(out, "props", event->props);
}

static void
put_found(struct ff_json_out *out, const struct ff_event *event)
{
	put(out, "referrer", event->referrer);
	put(out, "source", event->source);
	put_i64(out, "channel", event->channel);
	put(out, "utm_source", event->utm_source);
	put(out, "utm_medium", event->utm_medium);
	put(out, "utm_campaign", event->utm_campaign);
	put(out, "utm_content", event->utm_content);
	put(out, "utm_term", event->utm_term);
	put(out, "click_id", event->click_id);
	put(out, "country", ff_str_of(event->country, event->country[0] ? 2 : 0));
	put(out, "region", event->region);
	put(out, "city", event->city);
	put_i64(out, "device", event->device);
	put(out, "browser", event->browser);
	put(out, "browser_version", event->browser_version);
	put(out, "os", event->os);
	put(out, "os_version", event->os_version);
	put(out, "language", event->language);
	put_i64(out, "screen", event->screen);
}

static enum ff_err
print(const struct ff_spool_item *item, unsigned version, bool ids, struct ff_buf *buf)
{
	struct ff_event    event;
	struct ff_json_out out;
	char               id[37];

	if (ids) {
		ff_uuid_print(&item->event_id, id);
		puts(id);
		return FF_OK;
	}
	FF_TRY(ff_tuple_decode(item->payload, version, &event));
	ff_buf_clear(buf);
	ff_json_out_init(&out, buf);
	ff_json_object(&out);
	put_told(&out, &event);
	put_found(&out, &event);
	ff_json_object_end(&out);
	printf("%.*s\n", FF_STR_ARG(ff_buf_view(buf)));
	return FF_OK;
}

static enum ff_err
dump(const char *dir, bool ids)
{
	struct ff_spool_reader        *reader;
	const struct ff_spool_segment *segments;
	struct ff_spool_item           item;
	struct ff_buf                  buf;
	enum ff_err                    err;
	size_t                         n;

	ff_buf_init(&buf, 1 << 20);
	FF_TRY(ff_spool_reader_open(&reader, dir));
	FF_TRY(ff_spool_scan(reader, &segments, &n));
	for (size_t i = 0; i < n; i++) {
		FF_TRY(ff_spool_seek(reader, &segments[i], 0));
		while ((err = ff_spool_next(reader, &item)) == FF_OK)
			FF_TRY(print(&item, segments[i].tuple_version, ids, &buf));
		if (err != FF_END)
			return err;
	}
	ff_spool_reader_close(reader);
	ff_buf_free(&buf);
	return FF_OK;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	return dump(argv[1], argc > 2 && strcmp(argv[2], "--ids") == 0) == FF_OK ? 0 : 1;
}
