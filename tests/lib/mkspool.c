/* mkspool - writes a spool of seeded events, and a ledger that says what they were, for the drain's tests.
 *
 *   mkspool DIR LEDGER key=value...
 *     seed=1 events=10000 visitors=500 sites=1,2 strict=2 start=UNIX_SECONDS span=SECONDS segment=BYTES group=64
 *     pause=SECONDS late=PERCENT repeats=PERCENT poison=N refused=N plain=0|1 junk=PERCENT
 *
 * LEDGER: one JSON object a record, in the order of writing; poisoned ones have "bad". Events of one visitor are in order
 * of time but for `late` percent of them. pause: people come for some events in a row, at most so far apart, as on a real
 * site; 0: each event is anybody's. poison: records whose bytes are damaged or out of bounds, of all kinds in turn.
 * refused: valid ones that carry a mark (name, item or value) which a test's own constraints refuse. plain: no robots,
 * imports, ids or anonymous events: for measurements. junk: so many of the events have a path that nobody had before. Every
 * third page is about an item; every ninth person is signed in, and some of them own items. The sites' secret is 32 zero
 * bytes. */
#include "base/day.h"
#include "base/log.h"
#include "base/num.h"
#include "base/uuid.h"
#include "fact/tuple.h"
#include "fact/viewer.h"
#include "spool/spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	int64_t seed, events, visitors, start, span, segment, group, late, repeats, poison, refused, plain, pause, junk;
	int64_t sites[16];
	int     n_sites;
} opt = { .seed = 1, .events = 10000, .visitors = 500, .start = 1790000000, .span = 86400, .segment = 4 << 20,
	.group = 64 };

/* splitmix64 */
static uint64_t rng;

static uint64_t
mix64(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t
roll(uint64_t n)
{
	return mix64(rng += UINT64_C(0x9e3779b97f4a7c15)) % n;
}

static bool
chance(int64_t percent)
{
	return (int64_t)roll(100) < percent;
}

/* Small numbers often, large ones rarely. */
static uint64_t
skewed(uint64_t n)
{
	return roll(roll(n) + 1);
}

static const char *
pick(const char *const *list, size_t n)
{
	return list[skewed(n)];
}
#define PICK(list) ff_str_from(pick(list, sizeof list / sizeof *list))

static const char *const countries[] = { "DE", "FR", "US", "PL", "BR", "IN", "JP", "" };
static const char *const browsers[] = { "Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", "" };
static const char *const systems[] = { "Windows", "Android", "iOS", "Mac OS X", "Linux", "" };
static const char *const sources[] = { "", "Google", "Bing", "example.org", "Mastodon", "ChatGPT", "Newsletter" };
static const char *const names[] = { "signup", "Outbound Link: Click", "download", "gef\303\244llt mir" };
static const char *const languages[] = { "de", "en-US", "fr", "pt-BR" };
static const char *const kinds[] = { "video", "article", "image" };
static const char *const reactions[] = { "like", "love", "boost" };
static const char *const lists[] = { "related", "search", "front page", "gef\303\244llt" };
static const char *const targets[] = { "mastodon", "mail", "button.buy", "\303\244nderung" };
static const char *const vitals[] = { "LCP", "INP", "CLS", "FCP", "TTFB" };
static const char *const hosts[] = { "www.example.com", "shop.example.com", "m.example.com", "" };
static const char *const played[] = { "play", "progress", "ended" };

static char texts[12][256];

static struct ff_str
text(int slot, const char *fmt, uint64_t n)
{
	int len = snprintf(texts[slot], sizeof texts[slot], "%s%" PRIu64, fmt, n);

	return ff_str_of(texts[slot], (size_t)len);
}

static uint64_t
identity(uint64_t person, int64_t site, int64_t day)
{
	uint64_t v = mix64(mix64(person * 31 + (uint64_t)site) + (uint64_t)day) >> 1;

	return v == 0 ? 1 : v;
}

/* What stays for a person: so visits have believable traits. */
static void
fill_person(struct ff_event *e, uint64_t person)
{
	uint64_t keep = rng;
	struct ff_str country;

	rng = mix64(person + 77);
	country = PICK(countries);
	if (country.len == 2)
		memcpy(e->country, country.p, 2);
	e->browser = PICK(browsers);
	e->browser_version = text(0, "", roll(20) + 100);
	e->os = PICK(systems);
	e->os_version = text(1, "", roll(5) + 9);
	e->language = PICK(languages);
	e->device = (uint8_t)(roll(4) + 1);
	e->screen = (uint16_t)(chance(10) ? 0 : roll(8) * 240 + 320);
	e->region = e->country[0] != '\0' ? text(2, "R", skewed(20)) : FF_STR_NONE;
	e->city = e->country[0] != '\0' ? text(3, "City ", skewed(300)) : FF_STR_NONE;
	rng = keep;
}

static void
fill_origin(struct ff_event *e)
{
	e->source = PICK(sources);
	if (e->source.len > 0)
		e->referrer = text(4, "www.example.net/from/", skewed(400));
	e->channel = (uint8_t)(e->source.len > 0 ? roll(6) + 1 : 0);
	if (!chance(10))
		return;
	e->utm_source = PICK(sources);
	e->utm_medium = FF_STR("mail");
	e->utm_campaign = text(5, "campaign-", skewed(9));
	if (chance(30))
		e->utm_content = FF_STR("blue");
	if (chance(30))
		e->utm_term = FF_STR("shoes");
}

static void
fill_item(struct ff_event *e, uint64_t item)
{
	e->item.kind = ff_str_from(kinds[item % 3]);
	e->item.key = text(6, "item-", item);
	if (chance(50))
		e->item.title = item % 7 == 0 && chance(20) ? FF_STR("Renamed") : FF_STR("A title");
	if (chance(20))
		e->item.collection = item % 11 == 0 && chance(10) ? FF_STR("attic") : FF_STR("shelf");
	if (item % 4 == 0 && chance(30))
		e->item.owner = text(8, "user-", 9 * (item % 5 + chance(2)));
}

static void
fill_view(struct ff_event *e)
{
	e->view_type = (uint8_t)(skewed(5) + 1);
	e->view_source = (uint8_t)(roll(5) + 1);
	if (chance(70))
		return;
	e->list = PICK(lists);
	e->position = (uint16_t)roll(50);
}

static void
fill_measure(struct ff_event *e, int64_t micros)
{
	e->measure_micros = micros;
	e->flags |= FF_FLAG_MEASURE;
}

static void
fill_watched(struct ff_event *e)
{
	uint64_t from = roll(100), to = from + roll(101 - from);

	for (uint64_t i = from; i < to; i++)
		e->watched[i / 8] |= (uint8_t)(1 << i % 8);
	e->media_length_ms = (uint32_t)(roll(7200) + 1) * 1000;
	e->media_position_ms = (uint32_t)(e->media_length_ms / 100 * to);
}

/* What people do with an item. */
static void
fill_act(struct ff_event *e, enum ff_kind kind, const char *name)
{
	e->kind = (uint8_t)kind;
	e->name = ff_str_from(name);
	fill_item(e, skewed(300));
	if (kind == FF_KIND_SHARE || kind == FF_KIND_FOLLOW)
		e->target = PICK(targets);
	if (chance(70))
		fill_measure(e, chance(20) ? -1000000 : 1000000);
}

static void
fill_machine(struct ff_event *e)
{
	e->kind = chance(60) ? FF_KIND_PERFORMANCE : FF_KIND_ERROR;
	e->name = e->kind == FF_KIND_ERROR ? FF_STR("TypeError") : PICK(vitals);
	if (e->kind == FF_KIND_ERROR)
		e->target = text(9, "x is undefined at ", skewed(50));
	else
		fill_measure(e, (int64_t)roll(9000000));
}

static void
fill_other(struct ff_event *e)
{
	switch (roll(6)) {
	case 0:
		fill_act(e, FF_KIND_COMMENT, "comment");
		break;
	case 1:
		fill_act(e, FF_KIND_FOLLOW, "follow");
		break;
	case 2:
		fill_act(e, FF_KIND_SHARE, "share");
		break;
	case 3:
		e->kind = FF_KIND_INTERACTION;
		e->name = FF_STR("click");
		e->target = PICK(targets);
		break;
	case 4:
		e->kind = FF_KIND_CONFIGURATION;
		e->name = FF_STR("colour");
		e->props = FF_STR("{\"colour\":\"red\"}");
		e->value_micros = (int64_t)roll(900) * 1000000;
		memcpy(e->currency, "USD", 3);
		break;
	default:
		e->kind = FF_KIND_SEARCH;
		e->name = FF_STR("search");
		e->target = text(10, "shoes ", skewed(30));
		fill_measure(e, (int64_t)skewed(90) * 1000000);
	}
}

/* Every third page is about an item, and mostly says so. */
static void
fill_page(struct ff_event *e)
{
	uint64_t page = skewed(2000);

	e->path = opt.junk > 0 && chance(opt.junk) ? text(7, "/junk/", rng) : text(7, "/page/", page);
	if (e->kind != FF_KIND_PAGEVIEW && e->kind != FF_KIND_ENGAGEMENT)
		return;
	if (page % 3 == 0 && chance(e->kind == FF_KIND_PAGEVIEW ? 90 : 30)) {
		fill_item(e, page / 3 % 300);
		fill_view(e);
	}
	if (e->kind == FF_KIND_PAGEVIEW && chance(40))
		e->title = text(11, "Title of ", chance(97) ? page : page + 1);
}

static void
fill_kind(struct ff_event *e)
{
	uint64_t dice = roll(100);

	e->scroll = 255;
	if (dice < 52) {
		e->kind = FF_KIND_PAGEVIEW;
		e->name = FF_STR("pageview");
	} else if (dice < 68) {
		e->kind = FF_KIND_ENGAGEMENT;
		e->name = FF_STR("engagement");
		e->engaged_ms = (uint32_t)skewed(30000);
		e->scroll = chance(30) ? 255 : (uint8_t)skewed(101);
	} else if (dice < 75) {
		e->kind = FF_KIND_EVENT;
		e->name = PICK(names);
		e->props = chance(50) ? FF_STR("{\"plan\":\"gold\",\"gr\\u00f6\\u00dfe\":\"7\"}") : FF_STR_NONE;
		if (chance(20)) {
			e->value_micros = (int64_t)roll(90) * 1000000;
			memcpy(e->currency, "EUR", 3);
		}
	} else if (dice < 83) {
		e->kind = FF_KIND_VIEW;
		e->name = FF_STR("view");
		fill_item(e, skewed(300));
		fill_view(e);
		if (chance(20))
			e->engaged_ms = (uint32_t)skewed(40000);
	} else if (dice < 87) {
		e->kind = FF_KIND_REACTION;
		fill_act(e, FF_KIND_REACTION, pick(reactions, 3));
	} else if (dice < 92) {
		fill_act(e, FF_KIND_MEDIA, pick(played, 3));
		e->engaged_ms = (uint32_t)skewed(20000);
		fill_watched(e);
	} else if (dice < 95) {
		fill_machine(e);
	} else {
		fill_other(e);
	}
	if (e->item.key.len == 0 || e->kind == FF_KIND_ENGAGEMENT || chance(50))
		fill_page(e);
	if (!chance(90))
		e->flags |= FF_FLAG_NON_INTERACTIVE;
}

/* The sites' secret in tests is zeros. */
static void
fill_viewer(struct ff_event *e, uint64_t person)
{
	static const uint8_t secret[32];
	char                 sub[32];

	snprintf(sub, sizeof sub, "user-%" PRIu64, person);
	ff_viewer_id(secret, ff_str_from(sub), &e->viewer);
	e->visitor = ff_viewer_visitor(&e->viewer);
	e->visitor_prev = 0;
	e->flags |= FF_FLAG_AUTH;
}

static void
fill_rest(struct ff_event *e, uint64_t person)
{
	if (person % 9 == 0)
		fill_viewer(e, person);
	if (opt.plain != 0)
		return;
	if (chance(6))
		e->robot = (uint8_t)(roll(4) + 1);
	if (chance(50))
		e->flags |= FF_FLAG_CLIENT_ID;
	else if (chance(10))
		e->flags |= FF_FLAG_IMPORT;
	if (chance(4)) {
		e->flags |= FF_FLAG_NO_VISITOR;
		e->visitor = e->visitor_prev = 0;
		memset(&e->viewer, 0, sizeof e->viewer);
	}
}

/* Who comes at event i: somebody whose next step was set there, or somebody new. */
static uint64_t *due;

static uint64_t
person_at(int64_t i)
{
	uint64_t person = due[i] != 0 ? due[i] - 1 : skewed((uint64_t)opt.visitors);
	int64_t  next = i + 1;

	if (opt.pause == 0 || chance(22))
		return person;
	next += (int64_t)roll((uint64_t)(opt.pause * opt.events / opt.span) + 1);
	while (next < opt.events && due[next] != 0)
		next++;
	if (next < opt.events)
		due[next] = person + 1;
	return person;
}

static void
event_make(struct ff_event *e, int64_t i)
{
	uint64_t person = person_at(i);
	int64_t  now = opt.start * FF_US_S + i * (opt.span * FF_US_S / opt.events);
	uint8_t  random[10];

	*e = (struct ff_event){ .site_id = (int32_t)opt.sites[person % (uint64_t)opt.n_sites] };
	e->received_us = now;
	e->ts_us = now - (chance(opt.late) ? (int64_t)roll(3000) * FF_US_S : 0);
	for (size_t k = 0; k < sizeof random; k++)
		random[k] = (uint8_t)roll(256);
	e->event_id = ff_uuid_v7(now, random);
	e->visitor = identity(person, e->site_id, ff_day_of_us(e->ts_us));
	e->visitor_prev = identity(person, e->site_id, ff_day_of_us(e->ts_us) - 1);
	e->hostname = PICK(hosts);
	fill_person(e, person);
	fill_origin(e);
	fill_kind(e);
	fill_rest(e, person);
}

/* ---- damage ---- */

enum { COLUMNS = 44, PER_COLUMN = 3, WHOLE = 16 };

/* Where a column's length stands. */
static size_t
column_at(const struct ff_buf *b, int column)
{
	size_t at = 2;

	for (int i = 0; i < column; i++)
		at += 4 + ((size_t)(uint8_t)b->p[at + 2] << 8 | (uint8_t)b->p[at + 3]);
	return at;
}

static void
column_number(struct ff_buf *b, int column, size_t width, int64_t value)
{
	size_t at = column_at(b, column) + 4;

	for (size_t i = 0; i < width; i++)
		b->p[at + i] = (char)(value >> (8 * (width - 1 - i)));
}

static bool
is_number(int column)
{
	return column < 11 || column == 22 || column == 32 || (column >= 38 && column <= 41);
}

static void
damage_column(struct ff_buf *b, int column, int how)
{
	size_t at = column_at(b, column), len = (size_t)(uint8_t)b->p[at + 3];

	if (how == 0)
		memcpy(b->p + at, "\xff\xff\xff\xff", 4); /* NULL */
	else if (how == 1)
		memcpy(b->p + at, "\x7f\xff\xff\xff", 4);
	else if (is_number(column) || len == 0)
		b->p[at + 3]++; /* one byte too long: everything behind it shifts */
	else
		b->p[at + 4] = column % 2 == 0 ? '\xff' : '\0';
}

static const char *
damage(struct ff_buf *b, int64_t kind)
{
	static const int64_t far[] = { INT64_C(4102444800000000), INT64_C(157766400000000), 0 };

	switch (kind) {
	case 0: b->len = 0; return "POISON";
	case 1: b->len = roll(b->len); return "POISON";
	case 2: ff_buf_char(b, 'x'); return "POISON";
	case 3: b->p[1]++; return "POISON";
	case 4: b->p[1]--; return "POISON";
	case 5: memset(b->p, 0, b->len); return "POISON";
	case 6: memset(b->p, 0xff, b->len); return "POISON";
	case 7:
		for (size_t i = 0; i < b->len; i++)
			b->p[i] = (char)roll(256);
		return "POISON";
	case 8: column_number(b, 0, 4, 999999); return "UNKNOWN_SITE";
	case 9: column_number(b, 0, 4, 0); return "POISON";
	case 10: column_number(b, 0, 4, -1); return "POISON";
	case 11: case 12: case 13: column_number(b, 2, 8, far[kind - 11]); return "POISON";
	case 14: column_number(b, 6, 2, 0); return "POISON";
	case 15: column_number(b, 6, 2, 99); return "POISON";
	default: damage_column(b, (int)((kind - WHOLE) / PER_COLUMN), (int)((kind - WHOLE) % PER_COLUMN));
	}
	return "POISON";
}

/* Valid, but marked for a test's own constraints. */
static void
mark_refused(struct ff_event *e, int64_t kind)
{
	e->flags |= FF_FLAG_CLIENT_ID;
	switch (kind % 4) {
	case 0:
		e->value_micros = 666;
		memcpy(e->currency, "EUR", 3);
		break;
	case 1: e->name = FF_STR("refuse me"); break;
	case 2:
		e->item.kind = FF_STR("article");
		e->item.key = FF_STR("refuse me");
		break;
	default: e->browser = FF_STR("refuse me"); break;
	}
}

/* ---- the ledger: all texts above are plain, so nothing needs escaping ---- */

static void
say_text(FILE *f, const char *key, struct ff_str s)
{
	if (s.len > 0)
		fprintf(f, ",\"%s\":\"%.*s\"", key, FF_STR_ARG(s));
}

static void
say_hex(FILE *f, const char *key, const uint8_t *p, size_t n)
{
	fprintf(f, ",\"%s\":\"", key);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%02x", p[i]);
	fputs("\"", f);
}

static void
say_rest(FILE *f, const struct ff_event *e)
{
	fprintf(f, ",\"screen\":%d,\"view_source\":%d,\"scroll\":%d,\"position\":%d,\"measure\":%" PRId64
	           ",\"media_length\":%u,\"media_position\":%u",
	    e->screen, e->view_source, e->scroll, e->position, e->measure_micros, e->media_length_ms, e->media_position_ms);
	say_hex(f, "viewer", e->viewer.b, sizeof e->viewer.b);
	say_hex(f, "watched", e->watched, sizeof e->watched);
	say_text(f, "title", e->title);
	say_text(f, "target", e->target);
	say_text(f, "list", e->list);
}

static void
say(FILE *f, const struct ff_event *e, const char *bad)
{
	char id[37];

	ff_uuid_print(&e->event_id, id);
	fprintf(f, "{\"id\":\"%s\",\"site\":%d,\"received\":%" PRId64 ",\"ts\":%" PRId64 ",\"visitor\":%" PRIu64
	           ",\"prev\":%" PRIu64 ",\"kind\":%d,\"view_type\":%d,\"robot\":%d,\"flags\":%u,\"channel\":%d,\"device\":%d"
	           ",\"engaged\":%u,\"value\":%" PRId64,
	    id, (int)e->site_id, e->received_us, e->ts_us, e->visitor, e->visitor_prev, e->kind, e->view_type, e->robot,
	    e->flags, e->channel, e->device, e->engaged_ms, e->value_micros);
	say_text(f, "name", e->name);
	say_text(f, "path", e->path);
	say_rest(f, e);
	say_text(f, "item_kind", e->item.kind);
	say_text(f, "item_key", e->item.key);
	say_text(f, "item_title", e->item.title);
	say_text(f, "owner", e->item.owner);
	say_text(f, "collection", e->item.collection);
	say_text(f, "source", e->source);
	say_text(f, "referrer", e->referrer);
	say_text(f, "utm_source", e->utm_source);
	say_text(f, "utm_medium", e->utm_medium);
	say_text(f, "utm_campaign", e->utm_campaign);
	say_text(f, "utm_content", e->utm_content);
	say_text(f, "utm_term", e->utm_term);
	say_text(f, "country", ff_str_of(e->country, e->country[0] != '\0' ? 2 : 0));
	say_text(f, "browser", e->browser);
	say_text(f, "os", e->os);
	say_text(f, "hostname", e->hostname);
	say_text(f, "region", e->region);
	say_text(f, "city", e->city);
	say_text(f, "browser_version", e->browser_version);
	say_text(f, "os_version", e->os_version);
	say_text(f, "language", e->language);
	if (bad != NULL)
		fprintf(f, ",\"bad\":\"%s\"", bad);
	fputs("}\n", f);
}

/* ---- writing ---- */

static void
must(enum ff_err err, const char *what)
{
	if (err == FF_OK)
		return;
	fprintf(stderr, "mkspool: %s: %s\n", what, ff_err_name(err));
	exit(1);
}

struct out {
	struct ff_spool_writer *writer;
	struct ff_spool_record *records;
	struct ff_buf          *bufs;
	int64_t                 n;
	FILE                   *ledger;
};

static void
flush(struct out *out)
{
	if (out->n > 0)
		must(ff_spool_append(out->writer, out->records, (size_t)out->n), "append");
	out->n = 0;
}

static void
put(struct out *out, const struct ff_event *e, int64_t poison)
{
	struct ff_buf  *b = &out->bufs[out->n];
	struct ff_fault fault;
	const char     *bad = NULL;

	ff_buf_clear(b);
	if (ff_tuple_encode(e, b, &fault) != FF_OK) {
		fprintf(stderr, "mkspool: %s %s\n", fault.field, fault.why);
		exit(1);
	}
	if (poison >= 0)
		bad = damage(b, poison % (WHOLE + COLUMNS * PER_COLUMN));
	else if (poison == -2)
		bad = "REFUSED";
	out->records[out->n++] = (struct ff_spool_record){ e->event_id, e->received_us, ff_buf_view(b) };
	say(out->ledger, e, bad);
	if (out->n == opt.group)
		flush(out);
}

static void
write_all(struct out *out)
{
	struct ff_event e, again = { 0 };
	int64_t         poisoned = 0, refused = 0;

	for (int64_t i = 0; i < opt.events; i++) {
		event_make(&e, i);
		if (refused * opt.events < opt.refused * i) {
			mark_refused(&e, refused++);
			put(out, &e, -2);
			continue;
		}
		put(out, &e, -1);
		if (poisoned * opt.events < opt.poison * (i + 1))
			put(out, &e, poisoned++);
		/* Slices of an event point into texts that the next one overwrites: repeat it at once. */
		if ((e.flags & (FF_FLAG_CLIENT_ID | FF_FLAG_IMPORT)) != 0 && chance(opt.repeats)) {
			again = e;
			put(out, &again, -1);
		}
	}
	flush(out);
}

static bool
set(const char *key, size_t len, const char *value)
{
	static const struct {
		const char *name;
		int64_t    *at;
	} keys[] = {
		{ "seed", &opt.seed }, { "events", &opt.events }, { "visitors", &opt.visitors }, { "start", &opt.start },
		{ "span", &opt.span }, { "segment", &opt.segment }, { "group", &opt.group }, { "late", &opt.late },
		{ "repeats", &opt.repeats }, { "poison", &opt.poison }, { "refused", &opt.refused }, { "plain", &opt.plain },
		{ "pause", &opt.pause }, { "junk", &opt.junk },
	};
	struct ff_str rest = ff_str_from(value);

	if (ff_str_eqz(ff_str_of(key, len), "sites")) {
		while (rest.p != NULL && opt.n_sites < 16)
			if (!ff_num_i64(ff_str_split(&rest, ','), &opt.sites[opt.n_sites++]))
				return false;
		return true;
	}
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (ff_str_eqz(ff_str_of(key, len), keys[i].name))
			return ff_num_i64(rest, keys[i].at);
	return false;
}

int
main(int argc, char **argv)
{
	struct out out = { .n = 0 };

	for (int i = 3; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');

		if (eq == NULL || !set(argv[i], (size_t)(eq - argv[i]), eq + 1)) {
			fprintf(stderr, "mkspool: %s?\n", argv[i]);
			return 2;
		}
	}
	if (argc < 3) {
		fputs("usage: mkspool DIR LEDGER key=value...\n", stderr);
		return 2;
	}
	if (opt.n_sites == 0)
		opt.sites[opt.n_sites++] = 1;
	ff_log_setup("mkspool", FF_LOG_WARN);
	rng = (uint64_t)opt.seed;
	due = ff_xcalloc((size_t)opt.events, sizeof *due);
	out.ledger = fopen(argv[2], "ae");
	out.records = ff_xcalloc((size_t)opt.group, sizeof *out.records);
	out.bufs = ff_xcalloc((size_t)opt.group, sizeof *out.bufs);
	for (int64_t i = 0; i < opt.group; i++)
		ff_buf_init(&out.bufs[i], FF_TUPLE_MAX + 1);
	must(out.ledger == NULL ? FF_IO : FF_OK, "ledger");
	must(ff_spool_open(&out.writer, &(struct ff_spool_options){ .dir = argv[1], .segment_size = (uint32_t)opt.segment,
	    .soft_limit = UINT64_C(1) << 40, .hard_limit = UINT64_C(1) << 40, .tuple_version = FF_TUPLE_VERSION,
	    .sync = false }), "open");
	write_all(&out);
	ff_spool_close(out.writer);
	for (int64_t i = 0; i < opt.group; i++)
		ff_buf_free(&out.bufs[i]);
	free(out.bufs);
	free(due);
	free(out.records);
	return fclose(out.ledger) == 0 ? 0 : 1;
}
