/* What a site does not want, and what is too much: excluded addresses, pages and hosts; rate limits. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"
#include "tests/room/collect_token.h"

#include "safe/token.h"

#define EVENT "/api/event"
#define PAGE  "\"n\":\"pageview\",\"u\":\"https://example.com/\""

static struct ff_token   key_token;
static struct ff_site_key key = { .key_id = 1, .scopes = FF_STR_INIT("events:write") };

static int
open_room(void **state)
{
	(void)state;
	ff_token_make("ffk_", &key_token);
	memcpy(key.hash, key_token.hash, 32);
	room_keys = &key;
	room_keys_n = 1;
	room_limits = "limit.address = 1/h burst 5\nlimit.viewer = 1/h burst 2\nlimit.site = 1/h burst 12\n";
	room_open();
	return 0;
}

static int
close_room(void **state)
{
	(void)state;
	room_close();
	return 0;
}

static bool
stored(const char *addr, const char *body, bool with_key)
{
	char header[100];

	snprintf(header, sizeof header, "Bearer %s", key_token.text);
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", ff_str_from(addr));
	if (with_key)
		room_set("HTTP_AUTHORIZATION", ff_str_from(header));
	assert_int_equal(room_send(ff_str_from(body)), 202);
	return room.parcel.n > 0;
}

/* Other sites' buckets are their own: each test has a site, or addresses, of its own. */

static void
what_a_site_excludes_is_dropped_and_counted(void **state)
{
	static const struct {
		const char *addr, *body;
		bool        stored;
	} cases[] = {
		{ "192.0.2.1", "{\"n\":\"pageview\",\"u\":\"https://picky.example/\"}", true },
		{ "192.0.2.1", "{\"n\":\"pageview\",\"u\":\"https://picky.example/admin/users?x=1\"}", false },
		{ "192.0.2.1", "{\"n\":\"pageview\",\"u\":\"https://picky.example/%61dmin/users\"}", false },
		{ "192.0.2.1", "{\"n\":\"pageview\",\"u\":\"https://picky.example/administration\"}", true },
		{ "192.0.2.1", "{\"n\":\"pageview\",\"u\":\"https://WWW.staging.picky.example/\",\"d\":\"picky.example\"}", false },
		{ "192.0.2.3", "{\"n\":\"x\",\"u\":\"https://a.test/\",\"d\":\"picky.example\"}", false },
		{ "203.0.113.77", "{\"n\":\"pageview\",\"u\":\"https://picky.example/\"}", false },
		{ "2001:db8::1", "{\"n\":\"pageview\",\"u\":\"https://picky.example/\"}", true },
	};
	uint64_t before = room_counted(FF_REASON_EXCLUDED), excluded = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (stored(cases[i].addr, cases[i].body, false) != cases[i].stored)
			fail_msg("%s %s", cases[i].addr, cases[i].body);
		excluded += !cases[i].stored;
	}
	assert_int_equal(room_counted(FF_REASON_EXCLUDED), before + excluded);
	assert_str(room_event(0)->path, "/"); /* the last one's */
}

static void
one_address_is_dropped_beyond_its_limit_without_a_word(void **state)
{
	uint64_t before = room_counted(FF_REASON_RATE_LIMITED);

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_true(stored("192.0.2.10", "{" PAGE "}", false) == (i < 5));
	assert_true(room_said("x-plausible-dropped: 1"));
	assert_int_equal(room_counted(FF_REASON_RATE_LIMITED), before + 3);
	assert_true(stored("192.0.2.11", "{" PAGE "}", false)); /* its neighbour does not notice */
	for (int i = 0; i < 8; i++)
		assert_true(stored(i % 2 ? "2001:db8::1" : "2001:db8::ffff:2", "{" PAGE "}", false) == (i < 5));
	assert_true(stored("2001:db8:0:1::1", "{" PAGE "}", false)); /* another /64 */
}

static bool
stored_for(const char *sub, const char *addr)
{
	char body[5000];

	snprintf(body, sizeof body, "{" PAGE ",\"token\":\"%s\"}", token_of(sub, 7, "example.com", in(60), ""));
	return stored(addr, body, false);
}

static void
a_viewer_has_a_limit_wherever_they_are(void **state)
{
	char target[400];

	(void)state;
	assert_true(stored_for("a", "192.0.2.40"));
	assert_true(stored_for("a", "192.0.2.41"));
	assert_false(stored_for("a", "192.0.2.42"));
	for (int i = 0; i < 4; i++) /* nobody else's, and the address has room for all of them */
		assert_true(stored_for((const char *[]){ "b", "c", "d", "b" }[i], "192.0.2.43"));
	assert_true(stored("192.0.2.43", "{" PAGE "}", false));
	snprintf(target, sizeof target, "/matomo.php?idsite=1&rec=1&url=https%%3A%%2F%%2Fexample.com%%2F&uid=m&token_auth=%s", key_token.text);
	for (int i = 0; i < 4; i++) { /* a caller with a key vouches for whom it names */
		assert_int_equal(room_ask("GET", target, FF_STR_NONE), 200);
		assert_int_equal(room.parcel.n, 1);
	}
}

static void
a_site_has_a_limit_of_its_own_and_keyed_callers_hear_of_it(void **state)
{
	static const char body[] = "{\"n\":\"x\",\"u\":\"https://other.example/\"}";
	uint64_t          before = room_counted(FF_REASON_RATE_LIMITED);

	(void)state;
	for (int i = 0; i < 12; i++) /* the address's limit is not the caller's: it vouches */
		assert_true(stored("192.0.2.20", body, true));
	room_begin("POST", EVENT);
	room_set("HTTP_AUTHORIZATION", ff_str_printf(&room.collect->lists, "Bearer %s", key_token.text));
	assert_int_equal(room_send(ff_str_from(body)), 429);
	assert_true(room_said("Retry-After: 3600\r\n"));
	assert_int_equal(room.parcel.n, 0);
	assert_int_equal(room_counted(FF_REASON_RATE_LIMITED), before + 1);
	assert_false(stored("192.0.2.21", body, false)); /* a beacon does not */
	assert_int_equal(room_counted(FF_REASON_RATE_LIMITED), before + 2);
}

static void
a_batch_of_a_keyed_caller_is_stored_whole_or_not_at_all(void **state)
{
	char     body[3000] = "{\"events\":[";
	uint64_t before = room_counted(FF_REASON_RATE_LIMITED);

	(void)state;
	for (int i = 0; i < 13; i++)
		snprintf(body + strlen(body), sizeof body - strlen(body), "%s{\"n\":\"x\",\"u\":\"https://batch.example/\"}", i ? "," : "");
	strcat(body, "]}");
	room_begin("POST", "/api/events");
	room_set("HTTP_AUTHORIZATION", ff_str_printf(&room.collect->lists, "Bearer %s", key_token.text));
	assert_int_equal(room_send(ff_str_from(body)), 429);
	assert_int_equal(room.parcel.n, 0);
	assert_in_range(room_counted(FF_REASON_RATE_LIMITED), before + 12, before + 13);
	room_begin("POST", "/api/events"); /* a browser's is dropped one by one */
	room_set("REMOTE_ADDR", FF_STR("192.0.2.30"));
	assert_int_equal(room_send(ff_str_from(body)), 202);
	assert_true(room_said("rate_limited"));
}

static void
batches_of_other_dialects_end_alike(void **state)
{
	static const struct {
		const char *target, *head, *element, *tail;
	} cases[] = {
		{ "/api/batch", "[", "{\"type\":\"event\",\"payload\":{\"website\":\"05000000-0000-0000-0000-000000000000\","
		  "\"hostname\":\"batch.example\",\"url\":\"/\",\"name\":\"x\"}}", "]" },
		{ "/api/v0/count?site=batch.example", "{\"no_sessions\":true,\"hits\":[", "{\"path\":\"/g\"}", "]}" },
		{ "/matomo.php", "{\"requests\":[", "\"?idsite=5&rec=1&url=https%3A%2F%2Fbatch.example%2F\"", "]}" },
	};
	char body[6000];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t before = room_counted(FF_REASON_RATE_LIMITED);

		snprintf(body, sizeof body, "%s", cases[i].head);
		for (int n = 0; n < 13; n++)
			snprintf(body + strlen(body), sizeof body - strlen(body), "%s%s", n ? "," : "", cases[i].element);
		strcat(body, cases[i].tail);
		room_begin("POST", cases[i].target);
		room_set("HTTP_AUTHORIZATION", ff_str_printf(&room.collect->lists, "Bearer %s", key_token.text));
		if (room_send(ff_str_from(body)) != 429)
			fail_msg("%s: %s", cases[i].target, room.parcel.reply.p);
		assert_true(room_said("Retry-After: "));
		assert_int_equal(room.parcel.n, 0);
		assert_in_range(room_counted(FF_REASON_RATE_LIMITED), before + 1, before + 13);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_site_excludes_is_dropped_and_counted, open_room, close_room),
		cmocka_unit_test_setup_teardown(one_address_is_dropped_beyond_its_limit_without_a_word, open_room, close_room),
		cmocka_unit_test_setup_teardown(a_viewer_has_a_limit_wherever_they_are, open_room, close_room),
		cmocka_unit_test_setup_teardown(a_site_has_a_limit_of_its_own_and_keyed_callers_hear_of_it, open_room, close_room),
		cmocka_unit_test_setup_teardown(a_batch_of_a_keyed_caller_is_stored_whole_or_not_at_all, open_room, close_room),
		cmocka_unit_test_setup_teardown(batches_of_other_dialects_end_alike, open_room, close_room),
	};

	return cmocka_run_group_tests_name("collect limits", tests, NULL, NULL);
}
