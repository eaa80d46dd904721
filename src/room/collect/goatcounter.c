#include "room/collect/goatcounter.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "safe/hash.h"
#include "wire/url.h"

/* Their limits, in bytes. */
#define PATH_MAX_THEIRS 2048
#define REF_MAX 2048
#define TITLE_MAX 1024
/* Below are codes of their own counter of robots by script. */
#define BOT_FIRST 150
/* "NL-NB" */
#define LOCATION_MAX 6

struct hit {
	struct ff_str path, title, ref, query, size, host;
	bool          event, no_session;
	int64_t       bot;
};

static enum ff_err
check(const struct ff_reading *reading, const struct hit *hit)
{
	if (ff_str_trim(hit->path).len == 0)
		return ff_reading_bad(reading, "path", "must be set");
	if (hit->path.len > PATH_MAX_THEIRS)
		return ff_reading_bad(reading, "path", "must be shorter than 2048 bytes");
	if (hit->title.len > TITLE_MAX)
		return ff_reading_bad(reading, "title", "must be shorter than 1024 bytes");
	if (hit->ref.len > REF_MAX)
		return ff_reading_bad(reading, "ref", "must be shorter than 2048 bytes");
	if (hit->bot < 0 || (hit->bot > 0 && hit->bot < BOT_FIRST))
		return ff_reading_bad(reading, "b", "is neither 0 nor at least 150");
	return FF_OK;
}

/* "/a?b#c" and the query that count.js sends beside it -> one URL. */
static struct ff_str
page_url(const struct ff_reading *reading, const struct hit *hit)
{
	struct ff_str path = ff_reading_url(reading, hit->path), query = ff_reading_url(reading, hit->query), url;
	struct ff_str behind = ff_str_from_pos(path, ff_str_find_char(path, '#'));
	size_t        mark;

	path = ff_str_sub(path, 0, path.len - behind.len);
	mark = ff_str_find_char(path, '?');
	if (query.len > 0 && query.p[0] == '?')
		query = ff_str_from_pos(query, 1);
	if (query.len == 0)
		query = ff_str_from_pos(path, mark + 1);
	path = ff_str_sub(path, 0, mark);
	if (path.len > 0 && path.p[0] != '/' && ff_str_find(path, FF_STR("://")) == path.len)
		path = ff_str_printf(reading->arena, "/%.*s", FF_STR_ARG(path));
	if (hit->host.len > 0 && path.len > 0 && path.p[0] == '/')
		path = ff_str_printf(reading->arena, "https://%.*s%.*s", FF_STR_ARG(hit->host), FF_STR_ARG(path));
	url = ff_str_printf(reading->arena, "%.*s%s%.*s%.*s", FF_STR_ARG(path), query.len > 0 ? "?" : "", FF_STR_ARG(query),
	    FF_STR_ARG(behind));
	if (url.len > FF_URL_MAX) /* theirs may be a little longer: the path goes before the campaign */
		url = ff_utf8_cut(path, FF_URL_MAX);
	return url.len > 0 ? url : FF_STR("/");
}

/* Their referrer may be any word ("Newsletter"): then it is what we call a source. */
static void
read_ref(const struct ff_reading *reading, const struct hit *hit, struct ff_beacon *beacon)
{
	struct ff_str ref = ff_reading_url(reading, hit->ref);
	struct ff_url url;

	if (ref.len == 0)
		return;
	if (ff_url_parse(reading->arena, ref, &url) == FF_OK && url.scheme.len > 0)
		beacon->referrer = ff_str_sub(ref, 0, FF_URL_MAX);
	else if (beacon->url.len > 0 && ref.p[0] != '/')
		beacon->url = ff_reading_url_add(reading, beacon->url, "ref", ff_str_trim(hit->ref));
}

static void
read_event(const struct ff_reading *reading, const struct hit *hit, struct ff_beacon *beacon)
{
	struct ff_propset props;
	struct ff_str     name = hit->path;

	while (name.len > 0 && name.p[0] == '/')
		name = ff_str_from_pos(name, 1);
	name = ff_reading_name(name);
	beacon->event.kind = FF_KIND_EVENT;
	beacon->event.name = name.len > 0 ? name : FF_STR("(no event name)");
	beacon->event.hostname = hit->host;
	ff_propset_begin(&props, reading);
	ff_propset_put(&props, FF_STR("title"), hit->title);
	if (ff_str_find(hit->ref, FF_STR("://")) == hit->ref.len)
		ff_propset_put(&props, FF_STR("ref"), hit->ref);
	beacon->event.props = ff_propset_end(&props);
}

static void
fill(const struct ff_reading *reading, const struct hit *hit, struct ff_beacon *beacon)
{
	ff_beacon_init(beacon, FF_KIND_PAGEVIEW, "pageview");
	beacon->hash_mode = true;
	if (hit->event) {
		read_event(reading, hit, beacon);
	} else {
		beacon->url = page_url(reading, hit);
		beacon->event.title = hit->title;
	}
	read_ref(reading, hit, beacon);
	beacon->screen = ff_reading_screen(hit->size);
	if (hit->bot > 0)
		beacon->event.robot = FF_ROBOT_HEADLESS;
	if (hit->no_session)
		beacon->event.flags |= FF_FLAG_NO_VISITOR;
}

static bool
is_true(struct ff_str text)
{
	return ff_str_eqz(text, "1") || ff_str_eq_nocase(text, FF_STR("true")) || ff_str_eq_nocase(text, FF_STR("on"));
}

enum ff_err
ff_goatcounter_count(const struct ff_reading *reading, const struct ff_pairs *pairs, struct ff_str host,
    struct ff_beacon *out)
{
	struct ff_str bot = ff_pairs_find(pairs, "b");
	struct hit    hit = {
		.path = ff_pairs_find(pairs, "p"),
		.title = ff_pairs_find(pairs, "t"),
		.ref = ff_pairs_find(pairs, "r"),
		.query = ff_pairs_find(pairs, "q"),
		.size = ff_pairs_find(pairs, "s"),
		.host = host,
		.event = is_true(ff_pairs_find(pairs, "e")),
		.no_session = is_true(ff_pairs_find(pairs, "ns")),
	};

	if (bot.len > 0 && !ff_num_i64(bot, &hit.bot))
		return ff_reading_bad(reading, "b", "is not a whole number");
	FF_TRY(check(reading, &hit));
	fill(reading, &hit, out);
	return FF_OK;
}

/* Booleans of theirs are true, 1, "true" or "1". */
static bool
json_true(const struct ff_reading *reading, const struct ff_json *node)
{
	return is_true(ff_json_text(reading->arena, node));
}

/* "1920,1080,1" or [1920, 1080, 1] */
static struct ff_str
size_text(const struct ff_reading *reading, const struct ff_json *node)
{
	if (ff_json_type(node) == FF_JSON_ARRAY)
		node = ff_json_first(node);
	return ff_json_text(reading->arena, node);
}

static enum ff_err
read_texts(const struct ff_reading *reading, const struct ff_json *object, struct hit *hit)
{
	struct ff_fields fields = { reading->arena, object, "", reading->fault };

	FF_TRY(ff_field_text(&fields, NULL, "path", FF_BATCH_MAX, &hit->path));
	FF_TRY(ff_field_text(&fields, NULL, "title", FF_BATCH_MAX, &hit->title));
	FF_TRY(ff_field_text(&fields, NULL, "ref", FF_BATCH_MAX, &hit->ref));
	FF_TRY(ff_field_text(&fields, NULL, "query", FF_BATCH_MAX, &hit->query));
	hit->size = size_text(reading, ff_json_get(object, "size"));
	hit->event = json_true(reading, ff_json_get(object, "event"));
	if (ff_field_find(&fields, NULL, "bot") && !ff_json_i64(ff_json_get(object, "bot"), &hit->bot))
		return ff_reading_bad(reading, "bot", "is not a whole number");
	return check(reading, hit);
}

/* "NL", or a subdivision of ISO 3166-2, "NL-NB". */
static enum ff_err
read_place(const struct ff_reading *reading, struct ff_str location, struct ff_told *told)
{
	struct ff_place *place = &told->place;

	if (location.len == 0)
		return FF_OK;
	if (!ff_str_letters(ff_str_sub(location, 0, 2), place->country, 2) || location.len > LOCATION_MAX ||
	    (location.len > 2 && location.p[2] != '-'))
		return ff_reading_bad(reading, "location", "is no code of a country or region");
	if (location.len > 2)
		place->region = ff_str_printf(reading->arena, "%.2s%.*s", place->country, FF_STR_ARG(ff_str_from_pos(location, 2)));
	told->has_place = true;
	return FF_OK;
}

/* A session of the caller's own is its visitor, where no address tells one: an address of the private range, so that the
 * day's salt makes an identity of it. */
static void
session_address(struct ff_str session, struct ff_told *told)
{
	ff_hash(told->addr.b, 8, NULL, &session, 1);
	for (int i = 8; i < 16; i++)
		told->addr.b[i] = 0;
	told->addr.b[0] = 0xfd;
	told->has_addr = true;
}

static enum ff_err
read_who(const struct ff_reading *reading, const struct ff_fields *fields, bool no_sessions, struct hit *hit,
    struct ff_told *told)
{
	struct ff_str agent = FF_STR_NONE, ip = FF_STR_NONE, session = FF_STR_NONE, location = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, "user_agent", FF_BATCH_MAX, &agent));
	FF_TRY(ff_field_text(fields, NULL, "ip", FF_BATCH_MAX, &ip));
	FF_TRY(ff_field_text(fields, NULL, "session", FF_BATCH_MAX, &session));
	FF_TRY(ff_field_text(fields, NULL, "location", FF_BATCH_MAX, &location));
	FF_TRY(ff_field_text(fields, NULL, "language", FF_BATCH_MAX, &told->language));
	FF_TRY(read_place(reading, location, told));
	if (agent.len > FF_AGENT_MAX)
		return ff_reading_bad(reading, "user_agent", "must be shorter than 512 bytes");
	if (ip.len > 0 && !(told->has_addr = ff_addr_parse(ip, &told->addr)))
		return ff_reading_bad(reading, "ip", "is not an address");
	if (ip.len == 0)
		told->has_place = true; /* or none: the caller's own is not the visitor's */
	told->user_agent = agent.len > 0 ? agent : FF_AGENT_UNKNOWN;
	if (session.len > 0 && ip.len == 0)
		session_address(session, told);
	if (session.len > 0 || (agent.len > 0 && ip.len > 0))
		return FF_OK;
	hit->no_session = true;
	return no_sessions ? FF_OK :
	    ff_reading_bad(reading, "session", "or both user_agent and ip must be set; or send no_sessions");
}

static enum ff_err
read_when(const struct ff_reading *reading, const struct ff_fields *fields, struct ff_told *told)
{
	struct ff_str at = FF_STR_NONE;

	FF_TRY(ff_field_text(fields, NULL, "created_at", FF_BATCH_MAX, &at));
	if (at.len > 0 && !ff_time_parse(at, &told->ts_us))
		return ff_reading_bad(reading, "created_at", "is not a time of RFC 3339");
	return FF_OK;
}

enum ff_err
ff_goatcounter_hit(const struct ff_reading *reading, const struct ff_json *object, bool no_sessions,
    struct ff_beacon *out)
{
	struct ff_fields fields = { reading->arena, object, "", reading->fault };
	struct ff_told   told = { .any = true };
	struct hit       hit = { 0 };

	if (ff_json_type(object) != FF_JSON_OBJECT)
		return ff_reading_bad(reading, "hit", "is not an object");
	FF_TRY(read_texts(reading, object, &hit));
	FF_TRY(read_who(reading, &fields, no_sessions, &hit, &told));
	FF_TRY(read_when(reading, &fields, &told));
	fill(reading, &hit, out);
	out->told = told;
	return FF_OK;
}
