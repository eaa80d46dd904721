/* Too much for a site, in the words of each dialect: callers with a key hear of it and nothing of their request is stored;
 * beacons are dropped without a word but the header's, and counted. */
#include "tests/lib/unit.h"
#include "tests/room/collect_key.h"

#define BURST 3
#define SITE  "01000000-0000-0000-0000-000000000000"
#define UMAMI "{\"type\":\"event\",\"payload\":{\"website\":\"" SITE "\",\"url\":\"/\"}}"
#define PAGE  "idsite=1&rec=1&url=https%3A%2F%2Fexample.com%2F"
#define HIT   "{\"path\":\"/\",\"session\":\"s\"}"
#define FIVE(x) x "," x "," x "," x "," x

static const struct row {
	const char *name, *method, *target, *body, *many, *said;
	int         dropped; /* the status of what is dropped in silence */
} rows[] = {
	{ "umami", "POST", "/api/send", UMAMI, NULL, "{\"error\":{\"message\":\"over the rate limit of the site\",\"code\":\"too-many-requests\","
	  "\"status\":429}}", 200 },
	{ "umami batch", "POST", "/api/batch", "[" UMAMI "]", "[" FIVE(UMAMI) "]", "\"code\":\"too-many-requests\",\"status\":429}}", 200 },
	{ "goatcounter", "GET", "/count?p=/", "", NULL, "X-Goatcounter: not valid: over the rate limit", 200 },
	{ "goatcounter api", "POST", "/api/v0/count", "{\"hits\":[" HIT "]}", "{\"hits\":[" FIVE(HIT) "]}",
	  "{\"error\":\"over the rate limit of the site\"}", 401 },
	{ "matomo", "GET", "/matomo.php?" PAGE, "", NULL, "x-footfall-error: over the rate limit", 200 },
	{ "matomo bulk", "POST", "/matomo.php", "{\"requests\":[\"?" PAGE "\"]}",
	  "{\"requests\":[" FIVE("\"?" PAGE "\"") "]}", "{\"status\":\"error\",\"tracked\":0,\"message\":\"over the rate limit", 200 },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static int
send_row(const struct row *row, const char *body, bool keyed)
{
	room_begin(row->method, row->target);
	room_set("HTTP_ORIGIN", FF_STR("https://example.com"));
	if (keyed)
		key_show(key_token.text);
	return room_send(ff_str_from(body));
}

static void
open_with_limit(void)
{
	key_make();
	room_limits = "limit.address = off\nlimit.viewer = off\nlimit.site = 1/h burst 3\n";
	room_open();
}

static void
callers_with_a_key_hear_that_it_is_too_much(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++) {
		open_with_limit();
		for (int n = 0; n < BURST; n++) {
			int status = send_row(&rows[i], rows[i].body, true);

			if (status < 200 || status > 202 || !room_event(0) || room_event(1))
				fail_msg("%s, number %d: %d", rows[i].name, n, status);
		}
		if (send_row(&rows[i], rows[i].body, true) != 429 || !room_said(rows[i].said) || !room_said("Retry-After: 3600"))
			fail_msg("%s: %s", rows[i].name, room.parcel.reply.p);
		assert_int_equal(room.parcel.n, 0);
		assert_int_equal(room_counted(FF_REASON_RATE_LIMITED), 1);
		room_close();
	}
}

static void
what_a_caller_sends_together_is_stored_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (!rows[i].many)
			continue;
		open_with_limit();
		if (send_row(&rows[i], rows[i].many, true) != 429 || !room_said(rows[i].said))
			fail_msg("%s: %s", rows[i].name, room.parcel.reply.p);
		assert_int_equal(room.parcel.n, 0);
		assert_in_range(room_counted(FF_REASON_RATE_LIMITED), BURST, BURST + 1);
		room_close();
	}
}

static void
beacons_are_dropped_in_silence(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ROWS; i++) {
		open_with_limit();
		for (int n = 0; n < BURST; n++)
			(void)send_row(&rows[i], rows[i].body, false);
		if (send_row(&rows[i], rows[i].body, false) != rows[i].dropped)
			fail_msg("%s: %s", rows[i].name, room.parcel.reply.p);
		assert_int_equal(room.parcel.n, 0);
		assert_int_equal(room_counted(FF_REASON_RATE_LIMITED), rows[i].dropped == 200);
		room_close();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_with_a_key_hear_that_it_is_too_much),
		cmocka_unit_test(what_a_caller_sends_together_is_stored_whole_or_not_at_all),
		cmocka_unit_test(beacons_are_dropped_in_silence),
	};

	return cmocka_run_group_tests_name("dialect limits", tests, NULL, NULL);
}
