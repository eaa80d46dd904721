/* The plain endpoints: what each field becomes, what is refused by name, and one body of several events. */
#include "tests/lib/unit.h"
#include "tests/room/collect_room.h"

#define TOUCH  "/api/sessions/track-interaction"
#define CONFIG "/api/sessions/save-config"
#define SPEED  "/api/performance/track"
#define SEARCH "/api/track/search"
#define VIEW   "/api/analytics/view/"
#define SITE   "\"site\":\"example.com\""

static const struct ff_event *
taken(const char *target, const char *json)
{
	if (room_ask("POST", target, ff_str_from(json)) != 204 || room.parcel.n == 0 || !room_event(0))
		fail_msg("%s %s: %s", target, json, room.parcel.reply.p);
	return room_event(0);
}

static void
an_interaction_is_an_action_on_an_element(void **state)
{
	const struct ff_event *event = taken(TOUCH, "{" SITE ",\"path\":\"/shop\",\"element\":\"buy\",\"action\":\"click\",\"value\":2.5,"
	                                            "\"sessionId\":\"abc\",\"item\":{\"id\":7},\"props\":{\"k\":\"v\"}}");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_INTERACTION);
	assert_str(event->name, "click");
	assert_str(event->target, "buy");
	assert_int_equal(event->measure_micros, 2500000);
	assert_int_equal(event->flags, FF_FLAG_MEASURE);
	assert_str(event->path, "/shop");
	assert_str(event->item.key, "7");
	assert_str(event->props, "{\"k\":\"v\"}");
	/* A word as value is a property. */
	event = taken(TOUCH, "{" SITE ",\"action\":\"select\",\"value\":\"XL\"}");
	assert_int_equal(event->flags, 0);
	assert_str(event->props, "{\"value\":\"XL\"}");
	assert_str(event->path, "");
}

static void
without_a_url_the_page_is_the_referring_one(void **state)
{
	(void)state;
	room_begin("POST", TOUCH);
	room_set("HTTP_REFERER", FF_STR("https://example.com/from?x=1"));
	assert_int_equal(room_send(FF_STR("{\"action\":\"click\"}")), 204);
	assert_str(room_event(0)->path, "/from");
	assert_int_equal(room_event(0)->site_id, 1);
	room_set("HTTP_REFERER", FF_STR("\xff not a page"));
	assert_int_equal(room_send(FF_STR("{\"action\":\"click\"," SITE "}")), 204);
	assert_str(room_event(0)->hostname, "");
}

static void
a_configuration_keeps_options_price_and_step(void **state)
{
	const struct ff_event *event = taken(CONFIG, "{" SITE ",\"options\":{\"colour\":\"red\",\"doors\":5,\"roof\":true,\"deep\":{}},"
	                                             "\"price\":\"31990.50\",\"currency\":\"eur\",\"step\":3,\"item\":{\"kind\":\"car\",\"id\":\"z\"}}");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_CONFIGURATION);
	assert_str(event->name, "3");
	assert_str(event->props, "{\"colour\":\"red\",\"doors\":\"5\",\"roof\":\"true\"}");
	assert_int_equal(event->value_micros, INT64_C(31990500000));
	assert_memory_equal(event->currency, "EUR", 3);
	assert_str(event->item.kind, "car");
	assert_str(taken(CONFIG, "{" SITE "}")->name, "configuration");
	assert_int_equal(room_event(0)->currency[0], 0);
}

static void
a_search_has_terms_and_hits(void **state)
{
	const struct ff_event *event = taken(SEARCH, "{" SITE ",\"q\":\"blue shoes\",\"hits\":0,\"url\":\"https://example.com/find\"}");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_SEARCH);
	assert_str(event->name, "search");
	assert_str(event->target, "blue shoes");
	assert_int_equal(event->flags, FF_FLAG_MEASURE);
	assert_int_equal(event->measure_micros, 0);
	assert_int_equal(taken(SEARCH, "{" SITE ",\"query\":\"x\"}")->flags, 0);
	assert_int_equal(taken(SEARCH, "{" SITE ",\"q\":\"x\",\"hits\":12}")->measure_micros, 12000000);
}

static void
views_by_id_are_of_the_sites_default_kind(void **state)
{
	(void)state;
	assert_int_equal(room_ask("POST", VIEW "a%2Fb?site=example.com", FF_STR_NONE), 202);
	assert_str(room_event(0)->item.kind, "article");
	assert_str(room_event(0)->item.key, "a/b");
	assert_int_equal(room_event(0)->kind, FF_KIND_VIEW);
	assert_true(room_said("{\"status\":\"recorded\",\"event_id\":"));
	assert_int_equal(room_ask("POST", VIEW "v1", FF_STR("{\"site\":\"strict.example\"}")), 202);
	assert_int_equal(room_ask("POST", VIEW "v2", FF_STR("{\"site\":\"strict.example\"}")), 404);
	assert_true(room_said("\"field\":\"item\""));
	assert_int_equal(room_ask("POST", VIEW "v1", FF_STR("{\"site\":\"nobody.example\"}")), 404);
	assert_true(room_said("\"field\":\"site\""));
}

static void
a_report_is_an_event_each(void **state)
{
	static const struct {
		enum ff_kind kind;
		const char  *name, *target, *props;
		int64_t      measure;
	} want[] = {
		{ FF_KIND_PERFORMANCE, "LCP", "", "", 1200000000 }, { FF_KIND_PERFORMANCE, "CLS", "", "", 13000 },
		{ FF_KIND_PERFORMANCE, "TTFB", "", "", 0 },
		{ FF_KIND_PERFORMANCE, "api", "GET /a", "{\"status\":\"200\"}", 12500000 },
		{ FF_KIND_PERFORMANCE, "api", "POST /b", "", 3000000 },
		{ FF_KIND_ERROR, "TypeError", "x is undefined", "{\"source\":\"app.js\",\"line\":\"12\"}", 0 },
		{ FF_KIND_ERROR, "error", "lost", "", 0 },
	};
	static const char body[] = "{" SITE ",\"path\":\"/p\",\"event_id\":\"0198c0de-0000-7000-8000-000000000001\",\"vitals\":{\"lcp\":1200,"
		"\"CLS\":0.013,\"FID\":\"?\",\"INP\":null,\"Ttfb\":0},\"api\":[{\"route\":\"GET /a\",\"ms\":12.5,\"status\":200},"
		"{\"route\":\"POST /b\",\"ms\":3}],\"errors\":[{\"type\":\"TypeError\",\"message\":\"x is undefined\",\"source\":\"app.js\","
		"\"line\":12},{\"message\":\"lost\"}]}";
	struct ff_uuid ids[7];

	(void)state;
	taken(SPEED, body);
	assert_int_equal(room.parcel.n, 7);
	for (unsigned i = 0; i < 7; i++) {
		const struct ff_event *event = room_event(i);

		assert_int_equal(event->kind, want[i].kind);
		assert_str(event->name, want[i].name);
		assert_str(event->target, want[i].target);
		assert_str(event->props, want[i].props);
		assert_str(event->path, "/p");
		assert_int_equal(event->measure_micros, want[i].measure);
		assert_int_equal(event->flags & ~(unsigned)FF_FLAG_MEASURE, FF_FLAG_CLIENT_ID | FF_FLAG_NON_INTERACTIVE);
		ids[i] = event->event_id;
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(&ids[j], &ids[i], sizeof(ids[i]));
	}
	taken(SPEED, body); /* a retry has the same ids */
	for (unsigned i = 0; i < 7; i++)
		assert_memory_equal(&room_event(i)->event_id, &ids[i], sizeof(ids[i]));
}

static void
a_report_is_taken_whole_or_not_at_all(void **state)
{
	static char body[FF_REPORT_MAX];
	size_t      n = (size_t)snprintf(body, sizeof(body), "{" SITE ",\"errors\":[{\"message\":\"m\"}");
	uint64_t    bad = room_counted(FF_REASON_BAD_FIELD), gpc;

	(void)state;
	for (int i = 1; i < 50; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n, ",{\"message\":\"m%d\"}", i);
	snprintf(body + n, sizeof(body) - n, "]}");
	taken(SPEED, body);
	assert_int_equal(room.parcel.n, 50);
	snprintf(body + n, sizeof(body) - n, "],\"vitals\":{\"LCP\":1}}");
	assert_int_equal(room_ask("POST", SPEED, ff_str_from(body)), 400);
	assert_int_equal(room.parcel.n, 0);
	assert_int_equal(room_counted(FF_REASON_BAD_FIELD), bad + 51); /* those that were good until then, too */
	room_begin("POST", SPEED);
	room_set("HTTP_SEC_GPC", FF_STR("1"));
	gpc = room_counted(FF_REASON_GPC);
	assert_int_equal(room_send(FF_STR("{\"site\":\"strict.example\",\"vitals\":{\"LCP\":1,\"CLS\":1}}")), 204);
	assert_true(room_said("x-footfall-dropped: gpc\r\n"));
	assert_int_equal(room_counted(FF_REASON_GPC), gpc + 2);
}

static void
what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *target, *body, *field;
		int         status;
	} rows[] = {
		{ TOUCH, "{" SITE "}", "action", 400 }, { TOUCH, "{" SITE ",\"action\":\" \"}", "action", 400 },
		{ TOUCH, "{" SITE ",\"action\":\"@121\"}", "action", 400 }, { TOUCH, "{" SITE ",\"action\":{}}", "action", 400 },
		{ TOUCH, "{" SITE ",\"action\":\"a\",\"element\":[]}", "element", 400 },
		{ TOUCH, "{" SITE ",\"action\":\"a\",\"element\":\"@2001\"}", "element", 400 },
		{ TOUCH, "{" SITE ",\"action\":\"a\",\"value\":\"@2001\"}", "value", 400 },
		{ TOUCH, "{\"action\":\"a\"}", "site", 400 }, { TOUCH, "{\"action\":\"a\",\"site\":\"nobody.example\"}", "site", 404 },
		{ CONFIG, "{" SITE ",\"options\":[]}", "options", 400 },
		{ CONFIG, "{" SITE ",\"options\":{\"@301\":1}}", "options", 400 },
		{ CONFIG, "{" SITE ",\"options\":{\"k\":\"@2001\"}}", "options", 400 },
		{ CONFIG, "{" SITE ",\"price\":5}", "currency", 400 }, { CONFIG, "{" SITE ",\"price\":5,\"currency\":\"12x\"}", "currency", 400 },
		{ CONFIG, "{" SITE ",\"price\":\"much\",\"currency\":\"EUR\"}", "price", 400 },
		{ CONFIG, "{" SITE ",\"step\":\"\"}", "step", 400 },
		{ SEARCH, "{" SITE "}", "q", 400 }, { SEARCH, "{" SITE ",\"q\":\"  \"}", "q", 400 }, { SEARCH, "{" SITE ",\"q\":5}", "query", 400 },
		{ SEARCH, "{" SITE ",\"q\":\"x\",\"hits\":-1}", "hits", 400 }, { SEARCH, "{" SITE ",\"q\":\"x\",\"hits\":1.5}", "hits", 400 },
		{ SPEED, "{" SITE "}", "vitals", 400 }, { SPEED, "{" SITE ",\"vitals\":[]}", "vitals", 400 },
		{ SPEED, "{" SITE ",\"vitals\":{\"LCP\":\"x\"}}", "vitals.LCP", 400 },
		{ SPEED, "{" SITE ",\"vitals\":{\"cls\":-1}}", "vitals.cls", 400 },
		{ SPEED, "{" SITE ",\"api\":{}}", "api", 400 }, { SPEED, "{" SITE ",\"api\":[5]}", "api", 400 },
		{ SPEED, "{" SITE ",\"api\":[{\"ms\":1}]}", "api[0].route", 400 },
		{ SPEED, "{" SITE ",\"api\":[{\"route\":\"r\"}]}", "api[0].ms", 400 },
		{ SPEED, "{" SITE ",\"errors\":[{\"type\":\"T\"}]}", "errors[0].message", 400 },
		{ SPEED, "{" SITE ",\"errors\":[{\"message\":\"m\",\"type\":\"@121\"}]}", "errors[0].type", 400 },
		{ SPEED, "{" SITE ",\"errors\":[{\"message\":\"m\",\"source\":\"@2001\"}]}", "errors[0].source", 400 },
		{ SPEED, "{" SITE ",\"event_id\":\"x\",\"vitals\":{\"LCP\":1}}", "event_id", 400 },
	};
	static char body[20000];
	char        named[100];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(named, sizeof(named), "\"field\":\"%s\"", rows[i].field);
		if (room_ask("POST", rows[i].target, ff_str_from(room_expand(rows[i].body, body, sizeof(body)))) != rows[i].status ||
		    !room_said(named) || room.parcel.n != 0)
			fail_msg("row %zu: %s %s: %s", i, rows[i].target, rows[i].body, room.parcel.reply.p);
	}
}

static void
each_path_has_its_preflight(void **state)
{
	static const char *const paths[] = { TOUCH, CONFIG, SPEED, SEARCH, VIEW "1", "/api/event", "/api/events" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(room_ask("OPTIONS", paths[i], FF_STR_NONE), 204);
		assert_true(room_said("Access-Control-Allow-Methods: POST, OPTIONS\r\n"));
		assert_true(room_said("Access-Control-Allow-Headers: Content-Type, Authorization\r\n"));
		assert_true(room_said("Access-Control-Allow-Origin: *\r\n"));
	}
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
		cmocka_unit_test(an_interaction_is_an_action_on_an_element),
		cmocka_unit_test(without_a_url_the_page_is_the_referring_one),
		cmocka_unit_test(a_configuration_keeps_options_price_and_step),
		cmocka_unit_test(a_search_has_terms_and_hits),
		cmocka_unit_test(views_by_id_are_of_the_sites_default_kind),
		cmocka_unit_test(a_report_is_an_event_each),
		cmocka_unit_test(a_report_is_taken_whole_or_not_at_all),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(each_path_has_its_preflight),
	};

	return cmocka_run_group_tests_name("plain endpoints", tests, set_up, tear_down);
}
