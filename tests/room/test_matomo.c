/* Matomo's tracking API: one action or many, by query, form or JSON. */
#include "tests/lib/unit.h"
#include "tests/room/collect_key.h"

#define PAGE "idsite=1&rec=1&url=https%3A%2F%2Fwww.example.com%2Fa"

static int
track(const char *query)
{
	char target[6000];

	snprintf(target, sizeof(target), "/matomo.php?%s", query);
	return room_ask("GET", target, FF_STR_NONE);
}

static const struct ff_event *
event_of(const char *query)
{
	assert_int_equal(track(query), 200);
	assert_true(room_said("Content-Type: image/gif"));
	assert_non_null(room_event(0));
	return room_event(0);
}

static void
a_page_view_has_all_its_fields(void **state)
{
	const struct ff_event *event = event_of("idsite=1&rec=1&url=https%3A%2F%2Fwww.example.com%2Fa%20b%3Fmtm_campaign%3Dsummer%26mtm_kwd%3Dk"
	    "%26mtm_source%3Dnl%26mtm_medium%3Demail%26pk_content%3Dtop&action_name=A%20%2F%20B&urlref=https%3A%2F%2Fgoogle.com%2F&res=1280x1024"
	    "&lang=de-CH,de;q=0.9&_id=0123456789abcdef&rand=7&apiv=1&h=1&m=2&s=3&uid=u7&dimension1=red&dimension22=blue&dimensionx=no"
	    "&cvar=%7B%221%22%3A%5B%22plan%22%2C%22pro%22%5D%7D&_cvar=%7B%221%22%3A%5B%22age%22%2C7%5D%2C%222%22%3A3%7D");

	(void)state;
	assert_int_equal(room.parcel.n, 1);
	assert_int_equal(event->site_id, 1);
	assert_int_equal(event->kind, FF_KIND_PAGEVIEW);
	assert_str(event->hostname, "example.com");
	assert_str(event->path, "/a b");
	assert_str(event->title, "A / B");
	assert_str(event->referrer, "google.com");
	assert_str(event->utm_campaign, "summer");
	assert_str(event->utm_term, "k");
	assert_str(event->utm_source, "nl");
	assert_str(event->utm_medium, "email");
	assert_str(event->utm_content, "top");
	assert_int_equal(event->screen, 1280);
	assert_str(event->language, "de-CH");
	assert_str(event->props, "{\"dimension1\":\"red\",\"dimension22\":\"blue\",\"age\":\"7\",\"plan\":\"pro\"}");
	assert_true(event->visitor != 0);
	assert_true(ff_uuid_is_nil(&event->viewer));
}

static void
an_event_has_category_action_name_and_value(void **state)
{
	const struct ff_event *event = event_of(PAGE "&e_c=Video&e_a=play&e_n=intro&e_v=12.5");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_EVENT);
	assert_str(event->name, "Video: play");
	assert_str(event->target, "intro");
	assert_int_equal(event->measure_micros, 12500000);
	assert_int_equal(event->flags, FF_FLAG_MEASURE);
	assert_str(event->props, "{\"category\":\"Video\",\"action\":\"play\",\"name\":\"intro\",\"value\":\"12.5\"}");
	assert_str(event->path, "/a");
	assert_int_equal(track(PAGE "&e_c=Video"), 400);
}

static void
links_searches_and_goals_are_what_they_are(void **state)
{
	const struct ff_event *event = event_of(PAGE "&link=https%3A%2F%2Fx.example%2F");

	(void)state;
	assert_str(event->name, "Outbound Link: Click");
	assert_str(event->target, "https://x.example/");
	assert_str(event->props, "{\"url\":\"https://x.example/\"}");
	event = event_of(PAGE "&download=https%3A%2F%2Fexample.com%2Fa.pdf");
	assert_str(event->name, "File Download");
	event = event_of(PAGE "&search=red+shoes&search_cat=shop&search_count=0");
	assert_int_equal(event->kind, FF_KIND_SEARCH);
	assert_str(event->target, "red shoes");
	assert_int_equal(event->measure_micros, 0);
	assert_int_equal(event->flags, FF_FLAG_MEASURE);
	assert_str(event->props, "{\"category\":\"shop\"}");
	event = event_of(PAGE "&idgoal=3&revenue=9.99&currency=eur");
	assert_str(event->name, "Goal 3");
	assert_int_equal(event->value_micros, 9990000);
	assert_memory_equal(event->currency, "EUR", 3);
	event = event_of(PAGE "&ca=1&action_name=Print");
	assert_str(event->name, "Print");
	assert_int_equal(track(PAGE "&idgoal=x"), 400);
}

static void
orders_are_revenue_and_carts_are_not(void **state)
{
	const struct ff_event *event = event_of(PAGE "&idgoal=0&ec_id=A1&revenue=120.5&ec_st=100&ec_tx=19&ec_sh=1.5&ec_dt=0"
	    "&ec_items=%5B%5B%22sku%22%2C%22Name%22%2C%22Cat%22%2C50%2C2%5D%5D");

	(void)state;
	assert_str(event->name, "Purchase");
	assert_int_equal(event->value_micros, 120500000);
	assert_memory_equal(event->currency, "USD", 3);
	assert_str(event->props, "{\"order_id\":\"A1\",\"subtotal\":\"100\",\"tax\":\"19\",\"shipping\":\"1.5\",\"discount\":\"0\","
	    "\"items\":\"[[\\\"sku\\\",\\\"Name\\\",\\\"Cat\\\",50,2]]\"}");
	event = event_of(PAGE "&idgoal=0&revenue=120.5");
	assert_str(event->name, "Cart Update");
	assert_int_equal(event->currency[0], 0);
	assert_str(event->props, "{\"cart_value\":\"120.5\"}");
	event = event_of(PAGE "&_pks=S1&_pkn=Shoe&_pkc=Shoes&_pkp=50");
	assert_int_equal(event->kind, FF_KIND_PAGEVIEW);
	assert_str(event->item.kind, "product");
	assert_str(event->item.key, "S1");
	assert_str(event->item.title, "Shoe");
	assert_str(event->props, "{\"product_price\":\"50\",\"product_category\":\"Shoes\"}");
}

static void
content_is_seen_and_used(void **state)
{
	const struct ff_event *event = event_of(PAGE "&c_n=Banner&c_p=img.png&c_t=https%3A%2F%2Fx.example%2F");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_VIEW);
	assert_int_equal(event->view_type, FF_VIEW_LISTING);
	assert_str(event->item.kind, "content");
	assert_str(event->item.key, "Banner");
	assert_str(event->list, "content");
	assert_str(event->props, "{\"piece\":\"img.png\",\"target\":\"https://x.example/\"}");
	assert_int_equal(event->flags, FF_FLAG_NON_INTERACTIVE);
	event = event_of(PAGE "&c_n=Banner&c_i=click");
	assert_int_equal(event->kind, FF_KIND_INTERACTION);
	assert_str(event->name, "click");
	assert_str(event->target, "Banner");
}

static void
heartbeats_are_attention_and_load_times_are_metrics(void **state)
{
	const struct ff_event *event = event_of(PAGE "&ping=1");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_ENGAGEMENT);
	assert_int_equal(event->engaged_ms, 15000);
	event_of(PAGE "&pv_id=abcdef&pf_net=12&pf_srv=100&pf_tfr=7&pf_dm1=200&pf_dm2=1&pf_onl=30");
	assert_int_equal(room.parcel.n, 7);
	assert_int_equal(room_event(0)->kind, FF_KIND_PAGEVIEW);
	assert_int_equal(room_event(2)->kind, FF_KIND_PERFORMANCE);
	assert_str(room_event(2)->name, "server");
	assert_int_equal(room_event(2)->measure_micros, 100000000);
	assert_str(room_event(6)->name, "onload");
	assert_str(room_event(6)->path, "/a");
	assert_str(room_event(6)->props, "");
}

static void
media_say_how_far_they_were_played(void **state)
{
	static const uint8_t   all[FF_WATCHED_BYTES] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f };
	const struct ff_event *event = event_of(PAGE "&ma_id=a1b2c3&ma_ti=Intro&ma_re=https%3A%2F%2Fexample.com%2Fv.mp4&ma_mt=video&ma_pn=html5"
	    "&ma_st=30&ma_le=60&ma_ps=45&ma_ttp=2&ma_w=640&ma_h=480&ma_fs=0&ma_se=0,15");

	(void)state;
	assert_int_equal(event->kind, FF_KIND_MEDIA);
	assert_str(event->name, "progress");
	assert_str(event->item.kind, "video");
	assert_str(event->item.key, "https://example.com/v.mp4");
	assert_str(event->item.url, "https://example.com/v.mp4");
	assert_str(event->item.title, "Intro");
	assert_int_equal(event->media_length_ms, 60000);
	assert_int_equal(event->media_position_ms, 45000);
	assert_int_equal(event->measure_micros, 30000000);
	assert_int_equal(event->view_source, FF_SOURCE_PLAYER);
	assert_memory_equal(event->watched, ((uint8_t[]){ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x03, 0, 0, 0, 0, 0, 0 }), FF_WATCHED_BYTES);
	event = event_of(PAGE "&ma_id=a&ma_ti=Intro&ma_st=0&ma_le=60");
	assert_str(event->name, "play");
	assert_str(event->item.key, "Intro");
	event = event_of(PAGE "&ma_id=a&ma_ti=Intro&ma_st=70&ma_le=70&ma_ps=70&ma_se=0,15,30,45,60");
	assert_str(event->name, "ended");
	assert_memory_equal(event->watched, all, FF_WATCHED_BYTES);
	assert_int_equal(track(PAGE "&ma_id=a"), 400);
}

static void
servers_without_a_user_agent_are_no_robots(void **state)
{
	(void)state;
	room_begin("GET", "/matomo.php?" PAGE);
	room_set("HTTP_USER_AGENT", FF_STR(""));
	assert_int_equal(room_send(FF_STR_NONE), 200);
	assert_int_equal(room_event(0)->robot, FF_ROBOT_NO);
	assert_int_equal(room_event(0)->device, FF_DEVICE_UNKNOWN);
	assert_int_equal(event_of(PAGE "&ua=Googlebot%2F2.1")->robot, FF_ROBOT_AGENT);
	assert_int_equal(event_of(PAGE "&ua=Mozilla%2F5.0%20(iPhone;%20CPU%20iPhone%20OS%2017_5%20like%20Mac%20OS%20X)")->device, FF_DEVICE_MOBILE);
}

static void
address_time_and_place_need_a_key(void **state)
{
	static const char *const rows[] = { "&cip=203.0.113.9", "&cdt=1600000000", "&cdt=2026-01-02%2003:04:05", "&country=de" };
	char                     query[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(query, sizeof(query), "%s%s", PAGE, rows[i]);
		assert_int_equal(track(query), 400);
		assert_int_equal(room.parcel.n, 0);
	}
	assert_int_equal(track(PAGE "&cip=nonsense"), 400);
	assert_int_equal(track(PAGE "&cdt=yesterday"), 400);
	assert_int_equal(track(PAGE "&country=germany"), 400);
}

static void
nothing_tracked_is_said(void **state)
{
	static const char *const rows[] = {
		"idsite=1&url=https%3A%2F%2Fexample.com%2F", "rec=1&url=https%3A%2F%2Fexample.com%2F", "idsite=1&rec=1", "",
		"idsite=99&rec=1&url=https%3A%2F%2Fexample.com%2F", "idsite=1&rec=1&url=http%3A%2F%2F", "idsite=1,3&rec=1&url=https%3A%2F%2Fexample.com%2F", "idsite=1&rec=1&url=%ff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(track(rows[i]), 400);
		assert_true(room_said("image/gif") && room_said("x-footfall-error: "));
		assert_int_equal(room.parcel.n, 0);
	}
	assert_int_equal(track(PAGE "&send_image=0"), 204);
	assert_int_equal(room.parcel.n, 1);
	assert_int_equal(room_ask("HEAD", "/matomo.php?" PAGE, FF_STR_NONE), 200);
	assert_int_equal(room.parcel.n, 0);
	assert_int_equal(room_ask("POST", "/piwik.php", FF_STR(PAGE "&action_name=form")), 200);
	assert_str(room_event(0)->title, "form");
	assert_int_equal(room_ask("GET", "/matomo.php?idsite=other.example&rec=1&url=https%3A%2F%2Fexample.com%2F", FF_STR_NONE), 200);
	assert_int_equal(room_event(0)->site_id, 3);
}

static void
many_come_as_json(void **state)
{
	uint64_t bad = room_counted(FF_REASON_BAD_FIELD);

	(void)state;
	assert_int_equal(room_ask("POST", "/matomo.php", FF_STR("{\"requests\":[\"?" PAGE "&e_c=Video&e_a=play\",\"?rec=1\",7,"
	    "{\"idsite\":1,\"rec\":1,\"url\":\"https://example.com/c d\",\"action_name\":\"C\"}]}")), 200);
	assert_int_equal(room.parcel.n, 2);
	assert_str(room_event(0)->name, "Video: play");
	assert_str(room_event(1)->path, "/c d");
	assert_true(room_said("\r\n\r\n{\"status\":\"success\",\"tracked\":2,\"invalid\":2}"));
	assert_int_equal(room_counted(FF_REASON_BAD_FIELD), bad + 2);
	assert_int_equal(room_ask("POST", "/matomo.php", FF_STR("{\"requests\":[\"?" PAGE "\"],\"send_image\":0}")), 204);
	assert_int_equal(room.parcel.n, 1);
	assert_int_equal(room_ask("POST", "/matomo.php", FF_STR("{\"requests\":[\"?rec=1\"]}")), 400);
	assert_true(room_said("{\"status\":\"error\",\"tracked\":0,\"invalid\":1}"));
	assert_int_equal(room_ask("POST", "/matomo.php", FF_STR("{\"requests\":7}")), 400);
	assert_true(room_said("{\"status\":\"error\",\"tracked\":0,\"message\":\"requests is not"));
	assert_int_equal(room_ask("POST", "/matomo.php", FF_STR("{")), 400);
}

static void
token_auth_is_a_key_wherever_it_stands(void **state)
{
	char     text[1000];
	uint64_t refused;

	(void)state;
	snprintf(text, sizeof(text), "%s&cip=203.0.113.9&cdt=2026-01-02+03:04:05&country=de&region=BE&city=Berlin&uid=u7&token_auth=%s", PAGE,
	    key_token.text);
	assert_int_equal(track(text), 200);
	assert_int_equal(room_event(0)->ts_us, 1767323045 * FF_US_S);
	assert_memory_equal(room_event(0)->country, "DE", 2);
	assert_str(room_event(0)->region, "BE");
	assert_str(room_event(0)->city, "Berlin");
	assert_false(ff_uuid_is_nil(&room_event(0)->viewer));
	assert_int_equal(room_ask("POST", "/matomo.php", ff_str_from(text)), 200);
	assert_int_equal(room.parcel.n, 1);
	snprintf(text, sizeof(text), "{\"requests\":[\"?%s&cdt=1700000000\",\"?\"],\"token_auth\":\"%s\"}", PAGE, key_token.text);
	assert_int_equal(room_ask("POST", "/matomo.php", ff_str_from(text)), 200);
	assert_int_equal(room_event(0)->ts_us, 1700000000 * FF_US_S);
	assert_true(room_said("\"tracked\":1,\"invalid\":1,\"invalid_indices\":[1]}"));
	snprintf(text, sizeof(text), "{\"requests\":[\"?%s&cdt=1700000000&token_auth=%s\",\"?%s&cdt=1700000000\"]}", PAGE, key_token.text, PAGE);
	assert_int_equal(room_ask("POST", "/matomo.php", ff_str_from(text)), 200);
	assert_int_equal(room.parcel.n, 1); /* one request's token is not the next one's */
	snprintf(text, sizeof(text), "%s&cdt=4000000000&token_auth=%s", PAGE, key_token.text);
	assert_int_equal(track(text), 400);
	assert_true(room_said("x-footfall-error: timestamp lies in the future"));
	refused = room_counted(FF_REASON_UNAUTHORIZED);
	assert_int_equal(track(PAGE "&token_auth=ffk_wrong"), 401);
	assert_int_equal(room_counted(FF_REASON_UNAUTHORIZED), refused + 1);
	assert_int_equal(track(PAGE "&token_auth=0123456789abcdef0123456789abcdef"), 200);
	assert_false(room_said("x-footfall-token"));
}

static int
set_up(void **state)
{
	(void)state;
	key_make();
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
		cmocka_unit_test(a_page_view_has_all_its_fields),
		cmocka_unit_test(an_event_has_category_action_name_and_value),
		cmocka_unit_test(links_searches_and_goals_are_what_they_are),
		cmocka_unit_test(orders_are_revenue_and_carts_are_not),
		cmocka_unit_test(content_is_seen_and_used),
		cmocka_unit_test(heartbeats_are_attention_and_load_times_are_metrics),
		cmocka_unit_test(media_say_how_far_they_were_played),
		cmocka_unit_test(servers_without_a_user_agent_are_no_robots),
		cmocka_unit_test(address_time_and_place_need_a_key),
		cmocka_unit_test(nothing_tracked_is_said),
		cmocka_unit_test(many_come_as_json),
		cmocka_unit_test(token_auth_is_a_key_wherever_it_stands),
	};

	return cmocka_run_group_tests_name("matomo", tests, set_up, tear_down);
}
