/* Who sends a beacon: callers with API keys, viewers with tokens, visitors who want to be left alone. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"
#include "tests/room/collect_token.h"

#include "safe/token.h"

#define EVENT "/api/event"
#define PAGE  "\"n\":\"pageview\",\"u\":\"https://example.com/\""
#define TOLD  PAGE ",\"client_ip\":\"203.0.113.9\",\"user_agent\":\"" ROOM_AGENT "\""

enum { ONE_SITE, ALL_SITES, EXPIRED, READER, N_KEYS };

static struct ff_token    key_tokens[N_KEYS];
static struct ff_site_key keys[N_KEYS] = {
	[ONE_SITE] = { .key_id = 1, .site_id = 1, .scopes = FF_STR_INIT("events:write") },
	[ALL_SITES] = { .key_id = 2, .scopes = FF_STR_INIT("stats:read events:write") },
	[EXPIRED] = { .key_id = 3, .scopes = FF_STR_INIT("events:write"), .expires_us = 1 },
	[READER] = { .key_id = 4, .scopes = FF_STR_INIT("stats:read events:writer") },
};

static int
open_room(void **state)
{
	(void)state;
	for (int i = 0; i < N_KEYS; i++) {
		ff_token_make("ffk_", &key_tokens[i]);
		memcpy(keys[i].hash, key_tokens[i].hash, 32);
	}
	room_keys = keys;
	room_keys_n = N_KEYS;
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

static int
send_with(const char *authorization, const char *body)
{
	room_begin("POST", EVENT);
	if (authorization)
		room_set("HTTP_AUTHORIZATION", ff_str_from(authorization));
	return room_send(ff_str_from(body));
}

static const char *
bearer(const char *text)
{
	static char header[5000];

	snprintf(header, sizeof header, "Bearer %s", text);
	return header;
}

/* ---- keys ---- */

static void
a_caller_with_a_key_tells_for_others(void **state)
{
	struct ff_uuid nobody = { { 0 } };
	uint64_t       of_caller;

	(void)state;
	assert_int_equal(send_with(NULL, "{" PAGE "}"), 202);
	of_caller = room_event(0)->visitor;
	assert_int_equal(send_with(bearer(key_tokens[ONE_SITE].text), "{" TOLD ",\"timestamp\":\"2026-01-01T00:00:00Z\"}"), 202);
	assert_int_equal(room.parcel.n, 1);
	assert_int_not_equal(room_event(0)->visitor, of_caller);
	assert_int_equal(room_event(0)->ts_us, INT64_C(1767225600000000));
	assert_memory_equal(&room_event(0)->viewer, &nobody, sizeof nobody);
	assert_int_equal(send_with(bearer(key_tokens[ALL_SITES].text), "{" TOLD ",\"d\":\"example.com,other.example\"}"), 202);
	assert_int_equal(room.parcel.n, 2);
	assert_int_equal(send_with(bearer(key_tokens[ONE_SITE].text), "{" PAGE "}"), 202); /* nothing told: the caller itself */
	assert_int_equal(room_event(0)->visitor, of_caller);
}

static void
without_a_key_nobody_is_told_for(void **state)
{
	uint64_t before = room_counted(FF_REASON_BAD_FIELD);

	(void)state;
	assert_int_equal(send_with(NULL, "{" TOLD "}"), 400);
	assert_true(room_said("client_ip"));
	assert_int_equal(send_with(bearer(token(7, "example.com", in(60), "")), "{" TOLD "}"), 400);
	assert_int_equal(room.parcel.n, 0);
	assert_int_equal(room_counted(FF_REASON_BAD_FIELD), before + 2);
}

static void
a_key_that_is_not_good_is_refused_and_never_anonymous(void **state)
{
	struct ff_token unknown;
	const char     *bad[] = { key_tokens[EXPIRED].text, unknown.text, "ffk_", "ffk_short", "ffk_....", NULL };
	uint64_t        before = room_counted(FF_REASON_UNAUTHORIZED);

	(void)state;
	ff_token_make("ffk_", &unknown);
	for (size_t i = 0; bad[i]; i++) {
		assert_int_equal(send_with(bearer(bad[i]), "{" PAGE "}"), 401);
		assert_true(room_said("WWW-Authenticate: Bearer"));
		assert_int_equal(room.parcel.n, 0);
		assert_int_equal(room_counted(FF_REASON_UNAUTHORIZED), before + i + 1);
	}
}

static void
a_key_is_good_for_its_scope_and_its_site_alone(void **state)
{
	uint64_t before = room_counted(FF_REASON_UNAUTHORIZED);

	(void)state;
	assert_int_equal(send_with(bearer(key_tokens[READER].text), "{" PAGE "}"), 403);
	assert_true(room_said("events:write"));
	assert_int_equal(send_with(bearer(key_tokens[ONE_SITE].text), "{" PAGE ",\"d\":\"other.example\"}"), 403);
	assert_int_equal(send_with(bearer(key_tokens[ONE_SITE].text), "{" PAGE ",\"d\":\"example.com,other.example\"}"), 403);
	assert_int_equal(room.parcel.n, 0);
	assert_int_equal(room_counted(FF_REASON_UNAUTHORIZED), before + 3);
}

/* ---- viewers ---- */

static void
a_token_makes_a_viewer_wherever_they_are(void **state)
{
	char           body[3000];
	struct ff_uuid id;
	uint8_t        secret[32] = { 7 };

	(void)state;
	ff_viewer_id(secret, FF_STR("u-1"), &id);
	assert_int_equal(send_with(bearer(token(7, "example.com", in(60), "")), "{" PAGE "}"), 202);
	assert_false(room_said("x-footfall-token"));
	assert_memory_equal(&room_event(0)->viewer, &id, sizeof id);
	assert_int_equal(room_event(0)->visitor, ff_viewer_visitor(&id));
	assert_int_equal(room_event(0)->visitor_prev, 0);
	assert_true(room_event(0)->flags & FF_FLAG_AUTH);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_NO);

	snprintf(body, sizeof body, "{" PAGE ",\"token\":\"%s\"}", token(7, "example.com", in(60), ""));
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", FF_STR("unix:")); /* no address at all: the token is enough */
	assert_int_equal(room_send(ff_str_from(body)), 202);
	assert_memory_equal(&room_event(0)->viewer, &id, sizeof id);
	assert_int_equal(room_event(0)->visitor, ff_viewer_visitor(&id));

	/* A backend tells for its viewer. */
	assert_int_equal(send_with(bearer(key_tokens[ONE_SITE].text), body), 202);
	assert_memory_equal(&room_event(0)->viewer, &id, sizeof id);
}

static void
a_token_that_is_not_good_loses_no_view(void **state)
{
	static const struct ff_uuid nobody;
	const struct {
		const char *text, *word;
		int         at;
	} cases[] = { { "example.com", "expired", -120 }, { "elsewhere.example", "audience", 60 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(send_with(bearer(token(7, cases[i].text, in(cases[i].at), "")), "{" PAGE "}"), 202);
		assert_int_equal(room.parcel.n, 1);
		assert_true(room_said("x-footfall-token: "));
		assert_true(room_said(cases[i].word));
		assert_memory_equal(&room_event(0)->viewer, &nobody, sizeof nobody);
		assert_int_not_equal(room_event(0)->visitor, 0);
		assert_false(room_event(0)->flags & FF_FLAG_AUTH);
	}
	assert_int_equal(send_with(bearer("whatever"), "{" PAGE "}"), 202);
	assert_true(room_said("x-footfall-token: malformed"));
	assert_int_equal(send_with("Basic YTpi", "{" PAGE "}"), 202);
	assert_false(room_said("x-footfall-token"));
}

static void
a_token_is_of_one_site(void **state)
{
	(void)state;
	assert_int_equal(send_with(bearer(token(7, "example.com\",\"x\":\"", in(60), "")),
	    "{" PAGE ",\"d\":\"example.com,other.example\"}"), 202);
	assert_int_equal(room.parcel.n, 2);
	assert_true(room_event(0)->flags & FF_FLAG_AUTH);
	assert_false(room_event(1)->flags & FF_FLAG_AUTH);
	assert_true(room_said("x-footfall-token: signature"));
}

static void
the_team_is_not_the_audience_however_private(void **state)
{
	(void)state;
	assert_int_equal(send_with(bearer(token(7, "example.com", in(60), ",\"role\":\"team\"")), "{" PAGE "}"), 202);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_TEAM);
	room_begin("POST", EVENT);
	room_set("HTTP_AUTHORIZATION", ff_str_from(bearer(token(7, "example.com", in(60), ",\"role\":\"author\""))));
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(FF_STR("{" PAGE "}")), 202);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_TEAM);
}

/* ---- no, thanks ---- */

static void
without_an_address_nobody_is_taken_for_another(void **state)
{
	char body[5000];

	(void)state;
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", FF_STR("unix:")); /* a proxy that says nothing of its visitor */
	assert_int_equal(room_send(FF_STR("{" PAGE "}")), 202);
	assert_int_equal(room_event(0)->visitor, 0);
	assert_true(room_event(0)->flags & FF_FLAG_NO_VISITOR);
	snprintf(body, sizeof body, "{" PAGE ",\"token\":\"%s\"}", token(7, "example.com", in(60), ""));
	room_begin("POST", EVENT);
	room_set("REMOTE_ADDR", FF_STR("unix:"));
	assert_int_equal(room_send(ff_str_from(body)), 202);
	assert_true(room_event(0)->visitor != 0); /* the token tells */
}

static void
privacy_signals_hide_a_viewer_too(void **state)
{
	static const struct ff_uuid nobody;
	static const char *const    signals[] = { "HTTP_SEC_GPC", "HTTP_DNT" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		room_begin("POST", EVENT);
		room_set("HTTP_AUTHORIZATION", ff_str_from(bearer(token(7, "example.com", in(60), ""))));
		room_set(signals[i], FF_STR("1"));
		assert_int_equal(room_send(FF_STR("{" PAGE "}")), 202);
		assert_int_equal(room.parcel.n, 1);
		assert_memory_equal(&room_event(0)->viewer, &nobody, sizeof nobody);
		assert_int_equal(room_event(0)->visitor, 0);
		assert_true(room_event(0)->flags & FF_FLAG_NO_VISITOR);
		assert_true(room_event(0)->flags & FF_FLAG_AUTH); /* that somebody is signed in names nobody */
	}
}

static void
they_hold_for_whom_a_caller_tells(void **state)
{
	uint64_t before = room_counted(FF_REASON_GPC);

	(void)state;
	room_begin("POST", EVENT);
	room_set("HTTP_AUTHORIZATION", ff_str_from(bearer(key_tokens[ALL_SITES].text)));
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(FF_STR("{" TOLD ",\"d\":\"example.com,strict.example,other.example\"}")), 202);
	assert_int_equal(room.parcel.n, 2);
	assert_true(room_event(0)->flags & FF_FLAG_NO_VISITOR);
	assert_false(room_event(1)->flags & FF_FLAG_NO_VISITOR); /* this site honours neither */
	assert_int_equal(room_counted(FF_REASON_GPC), before + 1);
}

static void
a_browser_that_opted_out_is_dropped_everywhere(void **state)
{
	static const char *const targets[] = { EVENT, "/api/view/article/1?site=example.com", "/api/track/page-view",
		"/pixel.gif?u=https://example.com/" };
	uint64_t before = room_counted(FF_REASON_OPT_OUT);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		room_begin(i == 3 ? "GET" : "POST", targets[i]);
		room_set("HTTP_COOKIE", FF_STR("a=b; footfall-opt-out=1; c=d"));
		assert_in_range(room_send(i == 3 ? FF_STR_NONE : FF_STR("{" PAGE "}")), 200, 204);
		assert_int_equal(room.parcel.n, 0);
		assert_int_equal(room_counted(FF_REASON_OPT_OUT), before + i + 1);
	}
	room_begin("POST", EVENT);
	room_set("HTTP_COOKIE", FF_STR("footfall-opt-out=0"));
	assert_int_equal(room_send(FF_STR("{" PAGE "}")), 202);
	assert_int_equal(room.parcel.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_caller_with_a_key_tells_for_others),
		cmocka_unit_test(without_a_key_nobody_is_told_for),
		cmocka_unit_test(a_key_that_is_not_good_is_refused_and_never_anonymous),
		cmocka_unit_test(a_key_is_good_for_its_scope_and_its_site_alone),
		cmocka_unit_test(a_token_makes_a_viewer_wherever_they_are),
		cmocka_unit_test(a_token_that_is_not_good_loses_no_view),
		cmocka_unit_test(a_token_is_of_one_site),
		cmocka_unit_test(the_team_is_not_the_audience_however_private),
		cmocka_unit_test(without_an_address_nobody_is_taken_for_another),
		cmocka_unit_test(privacy_signals_hide_a_viewer_too),
		cmocka_unit_test(they_hold_for_whom_a_caller_tells),
		cmocka_unit_test(a_browser_that_opted_out_is_dropped_everywhere),
	};

	return cmocka_run_group_tests_name("collect who", tests, open_room, close_room);
}
