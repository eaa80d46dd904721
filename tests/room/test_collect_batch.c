/* POST /api/events: one result for each event in its order, exact books, and what was acknowledged is known again. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

#include <dirent.h>

#define BATCH "/api/events"
#define PAGE  "\"n\":\"pageview\",\"u\":\"https://example.com/\""
#define ID1   "\"event_id\":\"0198c0de-0000-7000-8000-000000000001\""
#define ID2   "\"event_id\":\"0198c0de-0000-7000-8000-000000000002\""
#define ID3   "\"event_id\":\"0198c0de-0000-7000-8000-000000000003\""

static const char *
reply(void)
{
	const char *body = strstr(room.parcel.reply.p, "\r\n\r\n");

	return body ? body + 4 : "";
}

/* The statuses of the results by their first letters: "aid". */
static const char *
statuses(void)
{
	static char out[FF_BATCH_EVENTS_MAX + 1];
	size_t      n = 0;

	for (const char *at = reply(); (at = strstr(at, "{\"status\":\"")) != NULL && n < FF_BATCH_EVENTS_MAX;)
		out[n++] = *(at += 11) == 'd' ? at[1] : *at; /* "dropped" is r, "duplicate" u */
	out[n] = '\0';
	return out;
}

static uint64_t
received(void)
{
	struct ff_ledger_counts counts;

	ff_ledger_read(room.collect->ledger, &counts);
	return counts.received;
}

static int
commit(void)
{
	struct ff_parcel *parcel = &room.parcel;

	assert_int_equal(ff_collect_commit(room.collect, &parcel, 1), FF_OK);
	return (int)strtol(parcel->reply.p + 8, NULL, 10);
}

static void
each_event_has_its_own_result(void **state)
{
	uint64_t all = received(), bad = room_counted(FF_REASON_BAD_FIELD), gpc = room_counted(FF_REASON_GPC);
	uint64_t none = room_counted(FF_REASON_UNKNOWN_SITE);

	(void)state;
	room_begin("POST", BATCH);
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(FF_STR("{\"events\":[{" PAGE "," ID1 "},5,{\"n\":\"x\"," ID2 "},"
		"{\"n\":\"pageview\",\"u\":\"https://strict.example/\"},{" PAGE ",\"d\":\"nobody.example\"},"
		"{\"kind\":\"reaction\",\"n\":\"like\"," ID3 ",\"d\":\"example.com,nobody.example\",\"item\":{\"id\":1}}]}")), 202);
	assert_string_equal(reply(), "{\"results\":["
		"{\"status\":\"accepted\",\"event_id\":\"0198c0de-0000-7000-8000-000000000001\"},"
		"{\"status\":\"invalid\",\"reason\":\"bad_field\",\"field\":\"event\",\"error\":\"is not an object\"},"
		"{\"status\":\"invalid\",\"reason\":\"bad_field\",\"field\":\"url\",\"error\":\"is required\"},"
		"{\"status\":\"dropped\",\"reason\":\"gpc\"},{\"status\":\"dropped\",\"reason\":\"unknown_site\"},"
		"{\"status\":\"accepted\",\"event_id\":\"0198c0de-0000-7000-8000-000000000003\",\"reason\":\"unknown_site\"}]}");
	assert_int_equal(room.parcel.n, 2);
	assert_int_equal(room_event(1)->kind, FF_KIND_REACTION);
	assert_int_equal(room_counted(FF_REASON_BAD_FIELD), bad + 2);
	assert_int_equal(room_counted(FF_REASON_GPC), gpc + 1);
	assert_int_equal(room_counted(FF_REASON_UNKNOWN_SITE), none + 2);
	assert_int_equal(received(), all + 5 + 2); /* the two are in hand until they are committed */
}

static void
an_id_counts_once_for_each_site_of_a_request(void **state)
{
	uint64_t before = room_counted(FF_REASON_DUPLICATE);

	(void)state;
	assert_int_equal(room_ask("POST", BATCH, FF_STR("{\"events\":[{\"n\":\"engagement\",\"u\":\"https://example.com/\"," ID2 "},"
		"{" PAGE "," ID2 "},{" PAGE "," ID2 "},{" PAGE "," ID2 ",\"d\":\"other.example,example.com\"},"
		"{" PAGE "," ID2 ",\"d\":\"other.example\"},{" PAGE "},{" PAGE "}]}")), 202);
	assert_string_equal(statuses(), "iauauaa"); /* an event that was refused used its id up for nobody */
	assert_int_equal(room.parcel.n, 4);
	assert_int_equal(room_event(1)->site_id, 3);
	assert_int_equal(room_counted(FF_REASON_DUPLICATE), before + 3);
}

static void
what_was_acknowledged_is_known_again_and_stored_all_the_same(void **state)
{
	const struct ff_str body = FF_STR("{\"events\":[{" PAGE "," ID3 "},{" PAGE "}]}");
	uint64_t            stored = room_counted(FF_REASON_STORED), storage = room_counted(FF_REASON_STORAGE);
	char                path[128];
	FILE               *file;

	(void)state;
	room_path(path, sizeof(path), "spool");
	file = fopen(path, "w"); /* no directory: nothing can be stored */
	fclose(file);
	assert_int_equal(room_ask("POST", BATCH, body), 202);
	assert_int_equal(commit(), 503);
	assert_true(room_said("\"code\":\"STORAGE\""));
	assert_int_equal(room_counted(FF_REASON_STORAGE), storage + 2);
	remove(path);
	assert_int_equal(room_ask("POST", BATCH, body), 202);
	assert_string_equal(statuses(), "aa"); /* a 503 acknowledged nothing */
	assert_int_equal(commit(), 202);
	assert_int_equal(room_ask("POST", BATCH, body), 202);
	assert_string_equal(statuses(), "ua");
	assert_int_equal(room.parcel.n, 2); /* the drain decides, by the whole id */
	assert_int_equal(commit(), 202);
	assert_int_equal(room_counted(FF_REASON_STORED), stored + 4);
	/* For another site it is another event. */
	assert_int_equal(room_ask("POST", BATCH, FF_STR("{\"events\":[{" PAGE "," ID3 ",\"d\":\"other.example\"}]}")), 202);
	assert_string_equal(statuses(), "a");
}

static void
a_batch_that_cannot_be_read_stores_nothing(void **state)
{
	static const struct {
		const char    *body, *field;
		int            status;
		enum ff_reason reason;
	} rows[] = {
		{ "", "request", 400, FF_REASON_NOT_JSON }, { "[]", "request", 400, FF_REASON_NOT_JSON },
		{ "{\"events\":[{" PAGE "}]", "request", 400, FF_REASON_NOT_JSON },
		{ "{\"events\":[{" PAGE ",\"z\":\"\xff\"}]}", "request", 400, FF_REASON_NOT_UTF8 },
		{ "{}", "events", 400, FF_REASON_BAD_FIELD }, { "{\"events\":null}", "events", 400, FF_REASON_BAD_FIELD },
		{ "{\"events\":{}}", "events", 400, FF_REASON_BAD_FIELD }, { "{\"events\":7}", "events", 400, FF_REASON_BAD_FIELD },
		{ "{\"events\":[]}", "events", 400, FF_REASON_BAD_FIELD },
	};
	char named[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t all = received(), before = room_counted(rows[i].reason);

		snprintf(named, sizeof(named), "\"field\":\"%s\"", rows[i].field);
		if (room_ask("POST", BATCH, ff_str_from(rows[i].body)) != rows[i].status || !room_said(named) || room.parcel.n != 0 ||
		    room_counted(rows[i].reason) != before + 1 || received() != all + 1)
			fail_msg("row %zu: %s: %s", i, rows[i].body, room.parcel.reply.p);
	}
}

static size_t
many(char *out, size_t max, size_t n, size_t each)
{
	size_t len = (size_t)snprintf(out, max, "{\"events\":[");

	for (size_t i = 0; i < n; i++) {
		size_t before = len;

		len += (size_t)snprintf(out + len, max - len, "%s{" PAGE ",\"p\":{\"k\":\"", i ? "," : "");
		while (len < before + each)
			out[len++] = 'v';
		len += (size_t)snprintf(out + len, max - len, "\"}}");
	}
	return len + (size_t)snprintf(out + len, max - len, "]}");
}

static void
five_hundred_of_two_kilobytes_fit_and_one_more_does_not(void **state)
{
	static char body[FF_BATCH_MAX + 4096];
	uint64_t    large = room_counted(FF_REASON_TOO_LARGE);

	(void)state;
	assert_int_equal(room_ask("POST", BATCH, ff_str_of(body, many(body, sizeof(body), 500, 2050))), 202);
	assert_int_equal(room.parcel.n, 500);
	assert_int_equal(strlen(statuses()), 500);
	assert_string_equal(reply() + strlen(reply()) - 3, "}]}");
	assert_int_equal(commit(), 202);
	assert_int_equal(room_ask("POST", BATCH, ff_str_of(body, many(body, sizeof(body), 501, 0))), 413);
	assert_true(room_said("\"field\":\"events\""));
	assert_int_equal(room_ask("POST", BATCH, ff_str_of(body, many(body, sizeof(body), 500, 2100))), 413);
	assert_true(room_said("\"field\":\"request\""));
	assert_int_equal(room_counted(FF_REASON_TOO_LARGE), large + 2);
	assert_int_equal(room.parcel.n, 0);
}

/* Of several sites each: an event is in for all of them or for none. */
static void
what_finds_no_room_is_refused_alone(void **state)
{
	static char body[FF_BATCH_MAX], sites[FF_BATCH_MAX];
	size_t      n = 0, len = many(body, sizeof(body), 100, 1500), ceiling = room.parcel.payload.ceiling;
	uint64_t    large = room_counted(FF_REASON_TOO_LARGE), all = received();

	(void)state;
	for (const char *at = body; at < body + len; at++) {
		if (strncmp(at, "\"n\":", 4) == 0)
			n += (size_t)snprintf(sites + n, sizeof(sites) - n, "\"d\":\"example.com,other.example\",");
		sites[n++] = *at;
	}
	room.parcel.payload.ceiling = 100000;
	assert_int_equal(room_ask("POST", BATCH, ff_str_of(sites, n)), 202);
	room.parcel.payload.ceiling = ceiling;
	assert_true(room_said("{\"status\":\"invalid\",\"reason\":\"too_large\","));
	assert_true(room.parcel.n > 40 && room.parcel.n < 100 && room.parcel.n % 2 == 0);
	assert_int_equal(strspn(statuses(), "a"), room.parcel.n / 2);
	assert_int_equal(strspn(statuses() + room.parcel.n / 2, "i"), 100 - room.parcel.n / 2);
	assert_int_equal(room_counted(FF_REASON_TOO_LARGE) - large, 100 - room.parcel.n / 2);
	assert_int_equal(received() - all, 100 - room.parcel.n / 2 + room.parcel.n);
}

static void
ids_are_forgotten_after_a_day_or_for_newer_ones(void **state)
{
	char              path[128];
	struct ff_recent *recent;
	struct ff_uuid    id = { { 7 } };
	uint64_t          print = ff_recent_print(1, &id);
	int64_t           noon = (int64_t)ff_day_of_us(ff_now()) * FF_US_DAY + FF_US_DAY / 2;
	unsigned          known = 0;

	(void)state;
	room_path(path, sizeof(path), "memory");
	assert_null(ff_recent_open(path, 0));
	assert_false(ff_recent_has(NULL, print, noon));
	ff_recent_add(NULL, print, noon);
	recent = ff_recent_open(path, 1000);
	assert_false(ff_recent_has(recent, print, noon));
	ff_recent_add(recent, print, noon);
	assert_true(ff_recent_has(recent, print, noon));
	ff_recent_close(recent);
	recent = ff_recent_open(path, 1000); /* a restart */
	assert_true(ff_recent_has(recent, print, noon + 23 * FF_US_HOUR));
	assert_false(ff_recent_has(recent, print, noon + FF_US_DAY));
	assert_false(ff_recent_has(recent, ff_recent_print(2, &id), noon));
	for (uint32_t i = 0; i < 100000; i++) { /* a hundred times what it holds: it stays in its place */
		memcpy(id.b + 4, &i, sizeof(i));
		ff_recent_add(recent, ff_recent_print(1, &id), noon + FF_US_DAY);
	}
	for (uint32_t i = 0; i < 100000; i++) {
		memcpy(id.b + 4, &i, sizeof(i));
		known += ff_recent_has(recent, ff_recent_print(1, &id), noon + FF_US_DAY);
	}
	assert_in_range(known, 900, 1024);
	ff_recent_close(recent);
	recent = ff_recent_open(path, 5000); /* another size: begun anew */
	assert_false(ff_recent_has(recent, ff_recent_print(1, &id), noon + FF_US_DAY));
	ff_recent_close(recent);
	remove(path);
}

static int
set_up(void **state)
{
	(void)state;
	room_open();
	return 0;
}

static int
tear_down(void **state)
{
	char           dir[128], path[512];
	DIR           *spool;
	struct dirent *entry;

	(void)state;
	room_path(dir, sizeof(dir), "spool");
	spool = opendir(dir);
	while (spool && (entry = readdir(spool)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			remove(path);
	}
	if (spool)
		closedir(spool);
	remove(dir);
	room_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_event_has_its_own_result),
		cmocka_unit_test(an_id_counts_once_for_each_site_of_a_request),
		cmocka_unit_test(what_was_acknowledged_is_known_again_and_stored_all_the_same),
		cmocka_unit_test(a_batch_that_cannot_be_read_stores_nothing),
		cmocka_unit_test(five_hundred_of_two_kilobytes_fit_and_one_more_does_not),
		cmocka_unit_test(what_finds_no_room_is_refused_alone),
		cmocka_unit_test(ids_are_forgotten_after_a_day_or_for_newer_ones),
	};

	return cmocka_run_group_tests_name("batches", tests, set_up, tear_down);
}
