/* Bad input, over every endpoint and field: a 4xx with a JSON error that names the field, no record, one count by
 * reason; and what policy refuses, counted the same way. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

#define EVENT "/api/event"
#define VIEW  "/api/view/video/v1"
#define TRACK "/api/track/page-view"
#define OK_URL "\"u\":\"https://example.com/\""

/* "@N" in a body becomes N letters. */
static const struct row {
	const char    *target, *body, *field;
	int            status;
	enum ff_reason reason;
} rows[] = {
	/* No JSON at all. */
	{ EVENT, "", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{\"n\":\"pageview\"", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "[]", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "null", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{} {}", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{\"n\":\"a\\u0000b\"," OK_URL "}", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{\"n\":1e999," OK_URL "}", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{\"a\":[[[[[[[[[1]]]]]]]]]}", "request", 400, FF_REASON_NOT_JSON },
	{ EVENT, "{\"n\":\"\xff\"," OK_URL "}", "request", 400, FF_REASON_NOT_UTF8 },
	{ EVENT, "{\"n\":\"\xc0\x80\"," OK_URL "}", "request", 400, FF_REASON_NOT_UTF8 },
	{ EVENT, "{\"n\":\"\xed\xa0\x80\"," OK_URL "}", "request", 400, FF_REASON_NOT_UTF8 },
	{ EVENT, "{\"n\":\"@9000\"}", "request", 413, FF_REASON_TOO_LARGE },
	{ VIEW, "{\"site\":", "request", 400, FF_REASON_NOT_JSON },
	{ VIEW, "7", "request", 400, FF_REASON_NOT_JSON },
	{ VIEW, "{\"title\":\"@9000\"}", "request", 413, FF_REASON_TOO_LARGE },
	{ TRACK, "", "request", 400, FF_REASON_NOT_JSON },
	{ TRACK, "\"x\"", "request", 400, FF_REASON_NOT_JSON },
	{ TRACK, "\xfe", "request", 400, FF_REASON_NOT_UTF8 },
	/* /api/event, field by field. */
	{ EVENT, "{}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\",\"u\":\" \"}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\",\"u\":5}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\",\"u\":\"data:text/html,x\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\",\"u\":\"http://ex ample.com/\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"pageview\",\"u\":\"https://example.com/@1981\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{" OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"  \"," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":true," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":1.5," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":[\"x\"]," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"@121\"," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"d\":\"\"}", "domain", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"d\":\" , ,\"}", "domain", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"d\":[\"example.com\"]}", "domain", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"d\":\"a,b,c,d,e,f,g,h,i\"}", "domain", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\",\"u\":\"/p\"}", "domain", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"r\":1}", "referrer", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"i\":\"false\"}", "interactive", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"p\":5}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"m\":[]}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"p\":\"{\"}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"p\":\"[1]\"}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"p\":{\"@301\":1}}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"p\":{\"k\":\"@2001\"}}", "props", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"engagement\"," OK_URL "}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"engagement\"," OK_URL ",\"sd\":\"x\",\"e\":-1}", "event_name", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"event_id\":\"7\"}", "event_id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"event_id\":7}", "event_id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"event_id\":\"00000000-0000-0000-0000-000000000000\"}", "event_id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"view_type\":\"peek\"}", "view_type", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"view_type\":1}", "view_type", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"view_source\":\"tv\"}", "view_source", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":\"v\"}", "item", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{}}", "item.id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":true}}", "item.id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":\"@201\"}}", "item.id", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":1,\"kind\":\"@33\"}}", "item.kind", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":1,\"title\":\"@501\"}}", "item.title", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":1,\"url\":\"javascript:alert(1)\"}}", "item.url", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":1,\"owner\":\"@201\"}}", "item.owner", 400, FF_REASON_BAD_FIELD },
	{ EVENT, "{\"n\":\"x\"," OK_URL ",\"item\":{\"id\":1,\"collection\":{}}}", "item.collection", 400, FF_REASON_BAD_FIELD },
	/* Views of items. */
	{ VIEW, "{}", "site", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":5}", "site", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"\"}", "site", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"@254\"}", "site", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"nobody.example\"}", "site", 404, FF_REASON_UNKNOWN_SITE },
	{ VIEW, "{\"site\":\"example.com\",\"url\":\"http://\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"example.com\",\"path\":7}", "path", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"example.com\",\"title\":7}", "title", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"example.com\",\"referrer\":\"@2001\"}", "referrer", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"example.com\",\"event_id\":\"x\"}", "event_id", 400, FF_REASON_BAD_FIELD },
	{ VIEW, "{\"site\":\"example.com\",\"view_source\":[]}", "view_source", 400, FF_REASON_BAD_FIELD },
	{ VIEW "?site=%ff", "{}", "site", 400, FF_REASON_BAD_FIELD },
	{ "/api/view/video/unknown", "{\"site\":\"strict.example\"}", "item", 404, FF_REASON_UNKNOWN_ITEM },
	{ "/api/view/@33/1", "{\"site\":\"example.com\"}", "kind", 400, FF_REASON_BAD_FIELD },
	{ "/api/view/video/@201", "{\"site\":\"example.com\"}", "id", 400, FF_REASON_BAD_FIELD },
	/* Page views by path. */
	{ TRACK, "{}", "path", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":\"/a\"}", "site", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":[]}", "path", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":\"/@2000\",\"site\":\"example.com\"}", "path", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":\"relative\",\"site\":\"example.com\"}", "url", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":\"/a\",\"title\":{}}", "title", 400, FF_REASON_BAD_FIELD },
	{ TRACK, "{\"path\":\"/a\",\"site\":\"nobody.example\"}", "site", 404, FF_REASON_UNKNOWN_SITE },
	{ TRACK, "{\"path\":\"/a\",\"props\":true}", "props", 400, FF_REASON_BAD_FIELD },
};

static uint64_t
received(void)
{
	struct ff_ledger_counts counts;

	ff_ledger_read(room.collect->ledger, &counts);
	return counts.received;
}

static void
bad_bodies_are_refused_by_field_and_counted_by_reason(void **state)
{
	static char body[20000], target[1000], named[100];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		uint64_t          before = room_counted(row->reason), all = received();
		int               status;

		status = room_ask("POST", room_expand(row->target, target, sizeof(target)), ff_str_from(room_expand(row->body, body, sizeof(body))));
		snprintf(named, sizeof(named), strncmp(row->target, EVENT, 10) == 0 ? "{\"errors\":{\"%s\":[\"" : "\"field\":\"%s\"",
		    row->field);
		if (status != row->status || !room_said(named) || room.parcel.n != 0 || room_counted(row->reason) != before + 1 ||
		    received() != all + 1)
			fail_msg("row %zu: %s %s: %d, %u records, %s", i, row->target, row->body, status, room.parcel.n,
			    strstr(room.parcel.reply.p, "\r\n\r\n") + 4);
	}
}

static void
limits_hold_at_the_byte(void **state)
{
	static char body[20000];
	const char *open = "{\"n\":\"x\",\"u\":\"https://example.com/\",\"z\":\"";
	size_t      n = strlen(open);

	(void)state;
	memset(body, 'z', sizeof(body));
	memcpy(body, open, n);
	memcpy(body + FF_BEACON_MAX - 2, "\"}", 2);
	assert_int_equal(room_ask("POST", EVENT, ff_str_of(body, FF_BEACON_MAX)), 202);
	memcpy(body + FF_BEACON_MAX - 2, "z\"}", 3);
	assert_int_equal(room_ask("POST", EVENT, ff_str_of(body, FF_BEACON_MAX + 1)), 413);
	assert_int_equal(room_ask("POST", EVENT, FF_STR("x")), 400);
	room_expand("{\"n\":\"@120\",\"u\":\"https://example.com/@1980\",\"p\":{\"@300\":\"@2000\"},\"item\":{\"id\":\"@200\",\"kind\":\"@32\"}}",
	    body, sizeof(body));
	assert_int_equal(room_ask("POST", EVENT, ff_str_from(body)), 202);
	assert_int_equal(room_event(0)->name.len, 120);
	assert_int_equal(room_event(0)->path.len, 1981);
}

static void
pixels_name_what_is_wrong_in_a_header(void **state)
{
	static const struct {
		const char *query, *error;
	} pixels[] = {
		{ "site=example.com", "url is required" }, { "site=example.com&u=http%3A%2F%2F", "url " },
		{ "site=example.com&path=/%00", "path " }, { "site=example.com&path=/%ff", "path " },
		{ "path=/a", "site " }, { "site=example.com&path=/a&event_id=1", "event_id " },
		{ "site=example.com&path=/a&item=video:", "item " }, { "site=example.com&path=/a&item=@300", "item " },
		{ "site=example.com&path=/a&\4%0d%0aX=%ff", "???X" },
		{ "site=@254&path=/a", "site " }, { "site=example.com&url=@2001", "url " },
	};
	static char target[3000], query[2900], named[100];

	(void)state;
	for (size_t i = 0; i < sizeof(pixels) / sizeof(pixels[0]); i++) {
		uint64_t before = room_counted(FF_REASON_BAD_FIELD);

		snprintf(target, sizeof(target), "/pixel.gif?%s", room_expand(pixels[i].query, query, sizeof(query)));
		snprintf(named, sizeof(named), "x-footfall-error: %s", pixels[i].error);
		if (room_ask("GET", target, FF_STR_NONE) != 400 || !room_said(named) || !room_said("Content-Length: 43\r\n") ||
		    room.parcel.n != 0 || room_counted(FF_REASON_BAD_FIELD) != before + 1)
			fail_msg("row %zu: %s: %s", i, pixels[i].query, room.parcel.reply.p);
	}
}

static void
methods_paths_and_encodings_are_refused(void **state)
{
	const struct ff_str body = FF_STR("{\"n\":\"x\",\"u\":\"https://example.com/\"}");
	uint64_t            method = room_counted(FF_REASON_BAD_METHOD), path = room_counted(FF_REASON_UNKNOWN_PATH);
	uint64_t            encoding = room_counted(FF_REASON_BAD_ENCODING);

	(void)state;
	assert_int_equal(room_ask("GET", EVENT, FF_STR_NONE), 405);
	assert_true(room_said("Allow: POST, OPTIONS\r\n"));
	assert_int_equal(room_ask("DELETE", "/pixel.gif", FF_STR_NONE), 405);
	assert_int_equal(room_counted(FF_REASON_BAD_METHOD), method + 2);
	assert_int_equal(room_ask("POST", "/api/nothing", body), 404);
	assert_int_equal(room_ask("POST", "/api/view/video", body), 404);
	assert_int_equal(room_ask("POST", "/api/view/video/", body), 404);
	assert_int_equal(room_counted(FF_REASON_UNKNOWN_PATH), path + 3);
	room_begin("POST", EVENT);
	room_set("HTTP_CONTENT_ENCODING", FF_STR("gzip"));
	assert_int_equal(room_send(body), 415);
	assert_true(room_said("{\"errors\":{\"Content-Encoding\":["));
	assert_int_equal(room_counted(FF_REASON_BAD_ENCODING), encoding + 1);
}

static void
policy_drops_and_says_so(void **state)
{
	const struct ff_str strict = FF_STR("{\"n\":\"pageview\",\"u\":\"https://strict.example/\"}");
	const struct ff_str open = FF_STR("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}");
	uint64_t            gpc = room_counted(FF_REASON_GPC), dnt = room_counted(FF_REASON_DNT);

	(void)state;
	room_begin("POST", EVENT);
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	assert_int_equal(room_send(strict), 202);
	assert_true(room_said("x-plausible-dropped: 1\r\n") && room.parcel.n == 0);
	assert_int_equal(room_counted(FF_REASON_GPC), gpc + 1);
	assert_int_equal(room_send(open), 202);
	assert_int_equal(room_event(0)->flags, FF_FLAG_NO_VISITOR);
	assert_int_equal(room_event(0)->visitor, 0);
	assert_int_equal(room_send(FF_STR("{\"n\":\"pageview\",\"u\":\"https://other.example/\"}")), 202);
	assert_true(room_event(0)->visitor != 0);
	room_begin("POST", TRACK);
	room_set("HTTP_DNT", FF_STR("1"));
	assert_int_equal(room_send(FF_STR("{\"path\":\"/\",\"site\":\"strict.example\"}")), 204);
	assert_true(room_said("x-footfall-dropped: dnt\r\n"));
	assert_int_equal(room_counted(FF_REASON_DNT), dnt + 1);
	room_begin("POST", VIEW);
	room_set("REMOTE_ADDR", FF_STR("198.51.100.77"));
	assert_int_equal(room_send(FF_STR("{\"site\":\"example.com\"}")), 202);
	assert_true(room_said("{\"status\":\"dropped\",\"reason\":\"excluded\"}"));
	room_begin("GET", "/pixel.gif?site=example.com&path=/");
	room_set("HTTP_SEC_PURPOSE", FF_STR("prefetch;prerender"));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_true(room_said("x-footfall-dropped: prefetch\r\n"));
	assert_int_equal(room_ask("POST", EVENT, FF_STR("{\"n\":\"pageview\",\"u\":\"https://strict.example/\",\"item\":{\"id\":\"v2\"}}")), 202);
	assert_true(room_said("x-plausible-dropped: 1\r\n"));
	assert_int_equal(room_ask("POST", EVENT, FF_STR("{\"n\":\"pageview\",\"u\":\"https://strict.example/\",\"item\":{\"id\":\"v1\"}}")), 202);
	assert_int_equal(room.parcel.n, 1);
}

static void
without_a_salt_events_count_without_identity(void **state)
{
	struct ff_salts none = room.collect->salts;

	(void)state;
	room.collect->refreshed_us = ff_now();
	room.collect->salts.n = 0;
	assert_int_equal(room_ask("POST", EVENT, FF_STR("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}")), 202);
	assert_int_equal(room_event(0)->flags, FF_FLAG_NO_VISITOR);
	room.collect->salts = none;
}

static void
without_a_list_of_sites_nothing_is_taken(void **state)
{
	struct ff_snapshot *snapshot = room.collect->snapshot;
	uint64_t            before = room_counted(FF_REASON_STORAGE);

	(void)state;
	room.collect->refreshed_us = ff_now();
	room.collect->snapshot = NULL;
	assert_int_equal(room_ask("POST", EVENT, FF_STR("{\"n\":\"pageview\",\"u\":\"https://example.com/\"}")), 503);
	assert_true(room_said("Retry-After: "));
	assert_int_equal(room_counted(FF_REASON_STORAGE), before + 1);
	room.collect->snapshot = snapshot;
}

static void
what_cannot_be_stored_is_503_in_each_dialects_shape(void **state)
{
	static const struct {
		const char *method, *target, *body, *said;
	} asked[] = {
		{ "POST", EVENT, "{\"n\":\"x\"," OK_URL "}", "{\"errors\":{\"request\":[" },
		{ "POST", "/api/events", "{\"events\":[{\"n\":\"x\"," OK_URL "}]}", "\"code\":\"STORAGE\"" },
		{ "POST", VIEW "?site=example.com", "", "\"code\":\"STORAGE\"" },
		{ "POST", TRACK, "{\"path\":\"/\",\"site\":\"example.com\"}", "\"code\":\"STORAGE\"" },
		{ "GET", "/pixel.gif?site=example.com&path=/", "", "Content-Type: image/gif\r\n" },
	};
	struct ff_parcel *parcel = &room.parcel;
	char              path[128];

	(void)state;
	room_path(path, sizeof(path), "spool"); /* a file where the directory should be */
	fclose(fopen(path, "w"));
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		uint64_t before = room_counted(FF_REASON_STORAGE);

		assert_in_range(room_ask(asked[i].method, asked[i].target, ff_str_from(asked[i].body)), 200, 204);
		assert_int_equal(ff_collect_commit(room.collect, &parcel, 1), FF_OK);
		if (!room_said("Status: 503 ") || !room_said("Retry-After: ") || !room_said(asked[i].said) ||
		    !room_said("Access-Control-Allow-Origin: *\r\n") || room_counted(FF_REASON_STORAGE) != before + 1)
			fail_msg("%s: %s", asked[i].target, parcel->reply.p);
	}
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
	(void)state;
	room_close();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_bodies_are_refused_by_field_and_counted_by_reason),
		cmocka_unit_test(limits_hold_at_the_byte),
		cmocka_unit_test(pixels_name_what_is_wrong_in_a_header),
		cmocka_unit_test(methods_paths_and_encodings_are_refused),
		cmocka_unit_test(policy_drops_and_says_so),
		cmocka_unit_test(without_a_salt_events_count_without_identity),
		cmocka_unit_test(without_a_list_of_sites_nothing_is_taken),
		cmocka_unit_test(what_cannot_be_stored_is_503_in_each_dialects_shape),
	};

	return cmocka_run_group_tests_name("collect refusals", tests, set_up, tear_down);
}
