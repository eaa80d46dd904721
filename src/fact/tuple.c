#include "fact/tuple.h"

#include "base/day.h"
#include "base/utf8.h"
#include "fact/props.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

enum type { U8, U16, U32, I32, I64, U64, UUID, UUID_OR_NIL, BITS, TEXT, CODE, PROPS };

/* Width in the struct and on the wire (int2, int4 or int8); 0 = has its own length. */
static const struct {
	uint8_t member, wire;
} widths[] = {
	[U8] = { 1, 2 },  [U16] = { 2, 2 },   [U32] = { 4, 4 }, [I32] = { 4, 4 }, [I64] = { 8, 8 },
	[U64] = { 8, 8 }, [UUID] = { 16, 16 }, [UUID_OR_NIL] = { 16, 16 }, [BITS] = { 0, 0 }, [TEXT] = { 0, 0 },
	[CODE] = { 0, 0 }, [PROPS] = { 0, 0 },
};

/* The columns in order, those of version 1 first. min and max: of the number; for text, max is its bytes, for a code
 * (capital letters or nothing) and for bits (any bytes or nothing) exactly them. A label without a limit of its own has
 * that of the label. */
static const struct column {
	const char *name;
	enum type   type;
	size_t      at;
	int64_t     min, max;
} columns[] = {
#define COLUMN(member, type, min, max) { #member, type, offsetof(struct ff_event, member), min, max }
#define TIME_MAX (INT64_C(253402300799) * FF_US_S) /* end of the year 9999 */
#define FLAGS_MAX (FF_FLAG_CLIENT_ID | FF_FLAG_NON_INTERACTIVE | FF_FLAG_AUTH | FF_FLAG_IMPORT | FF_FLAG_NO_VISITOR | \
	FF_FLAG_MEASURE)
	COLUMN(site_id, I32, 1, INT32_MAX),
	COLUMN(received_us, I64, 0, TIME_MAX),
	COLUMN(ts_us, I64, 0, TIME_MAX),
	COLUMN(event_id, UUID, 0, 0),
	COLUMN(visitor, U64, 0, INT64_MAX),
	COLUMN(visitor_prev, U64, 0, INT64_MAX),
	COLUMN(kind, U8, FF_KIND_PAGEVIEW, FF_KIND_SEARCH),
	COLUMN(view_type, U8, 0, FF_VIEW_EMBED),
	COLUMN(view_source, U8, 0, FF_SOURCE_APP),
	COLUMN(robot, U8, 0, FF_ROBOT_TEAM),
	COLUMN(flags, U32, 0, FLAGS_MAX),
	COLUMN(name, TEXT, 0, FF_NAME_BYTES),
	COLUMN(hostname, TEXT, 0, FF_HOST_MAX),
	COLUMN(path, TEXT, 0, FF_URL_MAX),
	COLUMN(item.kind, TEXT, 0, FF_ITEM_KIND_MAX),
	COLUMN(item.key, TEXT, 0, FF_ITEM_KEY_MAX),
	COLUMN(item.title, TEXT, 0, FF_ITEM_TITLE_MAX),
	COLUMN(item.url, TEXT, 0, FF_URL_MAX),
	COLUMN(item.owner, TEXT, 0, FF_ITEM_OWNER_MAX),
	COLUMN(item.collection, TEXT, 0, FF_ITEM_COLLECTION_MAX),
	COLUMN(referrer, TEXT, 0, FF_URL_MAX),
	COLUMN(source, TEXT, 0, FF_LABEL_MAX),
	COLUMN(channel, U8, 0, FF_CHANNEL_NEWS),
	COLUMN(utm_source, TEXT, 0, FF_UTM_MAX),
	COLUMN(utm_medium, TEXT, 0, FF_UTM_MAX),
	COLUMN(utm_campaign, TEXT, 0, FF_UTM_MAX),
	COLUMN(utm_content, TEXT, 0, FF_UTM_MAX),
	COLUMN(utm_term, TEXT, 0, FF_UTM_MAX),
	COLUMN(click_id, TEXT, 0, FF_UTM_MAX),
	COLUMN(country, CODE, 0, 2),
	COLUMN(region, TEXT, 0, FF_LABEL_MAX),
	COLUMN(city, TEXT, 0, FF_LABEL_MAX),
	COLUMN(device, U8, 0, FF_DEVICE_BOT),
	COLUMN(browser, TEXT, 0, FF_AGENT_MAX),
	COLUMN(browser_version, TEXT, 0, FF_AGENT_MAX),
	COLUMN(os, TEXT, 0, FF_AGENT_MAX),
	COLUMN(os_version, TEXT, 0, FF_AGENT_MAX),
	COLUMN(language, TEXT, 0, FF_UTM_MAX),
	COLUMN(screen, U16, 0, INT16_MAX),
	COLUMN(engaged_ms, U32, 0, INT32_MAX),
	COLUMN(scroll, U8, 0, 255),
	COLUMN(value_micros, I64, INT64_MIN, INT64_MAX),
	COLUMN(currency, CODE, 0, 3),
	COLUMN(props, PROPS, 0, FF_TUPLE_MAX),
#define COLUMNS_1 44 /* so many in version 1 */
	COLUMN(viewer, UUID_OR_NIL, 0, 0),
	COLUMN(title, TEXT, 0, FF_TITLE_MAX),
	COLUMN(target, TEXT, 0, FF_LABEL_MAX),
	COLUMN(list, TEXT, 0, FF_LIST_MAX),
	COLUMN(position, U16, 0, INT16_MAX),
	COLUMN(measure_micros, I64, INT64_MIN, INT64_MAX),
	COLUMN(media_length_ms, U32, 0, INT32_MAX),
	COLUMN(media_position_ms, U32, 0, INT32_MAX),
	COLUMN(watched, BITS, 0, FF_WATCHED_BYTES),
#undef COLUMN
};

#define COLUMNS (sizeof columns / sizeof columns[0])

/* ---- numbers in the struct ---- */

static int64_t
number_get(const void *member, enum type type)
{
	uint8_t  u8;
	uint16_t u16;
	uint32_t u32;
	int32_t  i32;
	int64_t  i64;

	switch (widths[type].member) {
	case 1: memcpy(&u8, member, 1); return u8;
	case 2: memcpy(&u16, member, 2); return u16;
	case 8: memcpy(&i64, member, 8); return i64; /* U64 beyond int64 shows as negative: out of range */
	default: break;
	}
	memcpy(&u32, member, 4);
	memcpy(&i32, member, 4);
	return type == I32 ? (int64_t)i32 : (int64_t)u32;
}

static void
number_set(void *member, enum type type, int64_t value)
{
	uint8_t  u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	switch (widths[type].member) {
	case 1: memcpy(member, &u8, 1); break;
	case 2: memcpy(member, &u16, 2); break;
	case 4: memcpy(member, &u32, 4); break;
	default: memcpy(member, &value, 8); break;
	}
}

/* ---- what both directions hold against the contract ---- */

static bool
code_valid(struct ff_str code, size_t len)
{
	if (code.len != 0 && code.len != len)
		return false;
	for (size_t i = 0; i < code.len; i++)
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
	return true;
}

static struct ff_str
text_get(const struct column *c, const void *member)
{
	const char *code = member;

	if (c->type != CODE && c->type != BITS)
		return *(const struct ff_str *)member;
	for (int64_t i = 0; i < c->max; i++)
		if (code[i] != '\0')
			return ff_str_of(code, (size_t)c->max);
	return FF_STR_NONE;
}

static const char *
text_fault(const struct column *c, struct ff_str text)
{
	if (text.len > (size_t)c->max)
		return "is too long";
	if (c->type == CODE)
		return code_valid(text, (size_t)c->max) ? NULL : "is no code of capital letters";
	if (c->type == BITS)
		return text.len == 0 || text.len == (size_t)c->max ? NULL : "has another length";
	if (c->type == PROPS)
		return text.len == 0 || ff_props_valid(text) ? NULL : "is no flat JSON object of strings";
	return ff_utf8_valid(text) ? NULL : "is not valid UTF-8";
}

static const char *
column_fault(const struct column *c, const void *member)
{
	int64_t value;

	if (c->type == UUID)
		return ff_uuid_is_nil(member) ? "is missing" : NULL;
	if (c->type == UUID_OR_NIL)
		return NULL;
	if (widths[c->type].member == 0)
		return text_fault(c, text_get(c, member));
	value = number_get(member, c->type);
	return value < c->min || value > c->max ? "is out of range" : NULL;
}

/* Rules that bind several columns. */
static enum ff_err
event_check(const struct ff_event *e, struct ff_fault *fault)
{
	if ((e->flags & FF_FLAG_NO_VISITOR) != 0 && (e->visitor != 0 || e->visitor_prev != 0))
		return ff_fault_set(fault, FF_INVALID, "visitor", "is set though the event has no identity");
	if (e->scroll > 100 && e->scroll != 255)
		return ff_fault_set(fault, FF_INVALID, "scroll", "is out of range");
	if ((e->flags & FF_FLAG_MEASURE) == 0 && e->measure_micros != 0)
		return ff_fault_set(fault, FF_INVALID, "measure_micros", "is set though the event has no measure");
	return FF_OK;
}

/* ---- encode ---- */

static enum ff_err
measure(const struct ff_event *event, size_t *size, struct ff_fault *fault)
{
	*size = 2;
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct column *c = &columns[i];
		const void          *member = (const char *)event + c->at;
		const char          *why = column_fault(c, member);

		if (why != NULL)
			return ff_fault_set(fault, FF_INVALID, c->name, "%s", why);
		*size += 4 + (widths[c->type].wire != 0 ? widths[c->type].wire : text_get(c, member).len);
	}
	if (*size > FF_TUPLE_MAX)
		return ff_fault_set(fault, FF_INVALID, "event", "is larger than %d bytes", FF_TUPLE_MAX);
	return event_check(event, fault);
}

static char *
be_put(char *p, uint64_t value, size_t bytes)
{
	uint16_t two = htobe16((uint16_t)value);
	uint32_t four = htobe32((uint32_t)value);
	uint64_t eight = htobe64(value);

	switch (bytes) {
	case 2: memcpy(p, &two, 2); break;
	case 4: memcpy(p, &four, 4); break;
	default: memcpy(p, &eight, 8); break;
	}
	return p + bytes;
}

/* Returns the place behind it. */
static char *
column_put(char *p, const struct column *c, const void *member)
{
	size_t        wire = widths[c->type].wire;
	struct ff_str text;

	if (wire == 16 || wire == 0) {
		text = wire == 16 ? ff_str_of(member, 16) : text_get(c, member);
		p = be_put(p, text.len, 4);
		if (text.len > 0)
			memcpy(p, text.p, text.len);
		return p + text.len;
	}
	p = be_put(p, wire, 4);
	return be_put(p, (uint64_t)number_get(member, c->type), wire);
}

enum ff_err
ff_tuple_encode(const struct ff_event *event, struct ff_buf *out, struct ff_fault *fault)
{
	size_t size;
	char  *p;

	FF_TRY(measure(event, &size, fault));
	if (out->overflow || out->len + size > out->ceiling)
		return ff_fault_set(fault, FF_TOO_LARGE, "event", "does not fit the buffer");
	p = be_put(ff_buf_room(out, size), COLUMNS, 2);
	for (size_t i = 0; i < COLUMNS; i++)
		p = column_put(p, &columns[i], (const char *)event + columns[i].at);
	return FF_OK;
}

/* ---- decode ---- */

static uint64_t
be(const char *p, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | (uint8_t)p[i];
	return value;
}

static bool
take(struct ff_str *rest, size_t n, const char **p)
{
	if (rest->len < n)
		return false;
	*p = rest->p;
	rest->p += n;
	rest->len -= n;
	return true;
}

static int64_t
sign_extend(uint64_t value, size_t bytes)
{
	if (bytes == 2)
		return (int16_t)(uint16_t)value;
	return bytes == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

/* The value is judged as it stands on the wire, before it is narrowed to the member. */
static bool
column_set(const struct column *c, struct ff_str value, void *member)
{
	size_t  wire = widths[c->type].wire;
	int64_t number;

	if (wire == 0) {
		if (text_fault(c, value) != NULL)
			return false;
		if (value.len != 0 && (c->type == CODE || c->type == BITS))
			memcpy(member, value.p, value.len);
		else if (value.len != 0)
			*(struct ff_str *)member = value;
		return true;
	}
	if (value.len != wire)
		return false;
	if (c->type == UUID || c->type == UUID_OR_NIL) {
		memcpy(member, value.p, 16);
		return c->type == UUID_OR_NIL || !ff_uuid_is_nil(member);
	}
	number = sign_extend(be(value.p, wire), wire);
	if (number < c->min || number > c->max)
		return false;
	number_set(member, c->type, number);
	return true;
}

enum ff_err
ff_tuple_decode(struct ff_str payload, unsigned version, struct ff_event *event)
{
	size_t      n = version == 1 ? COLUMNS_1 : COLUMNS;
	const char *p;

	memset(event, 0, sizeof *event);
	if (version < 1 || version > FF_TUPLE_VERSION || payload.len > FF_TUPLE_MAX || !take(&payload, 2, &p) || be(p, 2) != n)
		return FF_CORRUPT;
	for (size_t i = 0; i < n; i++) {
		size_t len;

		if (!take(&payload, 4, &p) || (len = (size_t)be(p, 4)) > FF_TUPLE_MAX || !take(&payload, len, &p))
			return FF_CORRUPT;
		if (!column_set(&columns[i], (struct ff_str){ p, len }, (char *)event + columns[i].at))
			return FF_CORRUPT;
	}
	return payload.len == 0 && event_check(event, NULL) == FF_OK ? FF_OK : FF_CORRUPT;
}
