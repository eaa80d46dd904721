#include "fact/export_columns.h"

#include "fact/event.h"
#include "fact/query_plan.h"
#include "fact/screen.h"
#include "wire/csv.h"
#include "wire/json.h"

/* Words that the wire has for them too. */
static const char *const kinds[] = { [FF_KIND_PAGEVIEW] = "pageview", [FF_KIND_EVENT] = "event",
	[FF_KIND_ENGAGEMENT] = "engagement", [FF_KIND_VIEW] = "view", [FF_KIND_REACTION] = "reaction",
	[FF_KIND_COMMENT] = "comment", [FF_KIND_FOLLOW] = "follow", [FF_KIND_SHARE] = "share", [FF_KIND_MEDIA] = "media",
	[FF_KIND_INTERACTION] = "interaction", [FF_KIND_CONFIGURATION] = "configuration",
	[FF_KIND_PERFORMANCE] = "performance", [FF_KIND_ERROR] = "error", [FF_KIND_SEARCH] = "search" };
static const char *const view_types[] = { [FF_VIEW_INTENTIONAL] = "intentional", [FF_VIEW_LISTING] = "listing",
	[FF_VIEW_SEARCH] = "search", [FF_VIEW_WIDGET] = "widget", [FF_VIEW_EMBED] = "embed" };
static const char *const view_sources[] = { [FF_SOURCE_WEB] = "web", [FF_SOURCE_API] = "api", [FF_SOURCE_PLAYER] = "player",
	[FF_SOURCE_FEED] = "feed", [FF_SOURCE_APP] = "app" };

#define WORD(words, number) ff_str_from((size_t)(number) < sizeof(words) / sizeof *(words) ? (words)[number] : NULL)

static struct ff_str
kind_name(int64_t n)
{
	return WORD(kinds, n);
}

static struct ff_str
view_type_name(int64_t n)
{
	return WORD(view_types, n);
}

static struct ff_str
view_source_name(int64_t n)
{
	return WORD(view_sources, n);
}

/* The words of the figures. */
static struct ff_str
dim_name(enum ff_dim dim, int64_t n)
{
	struct ff_dim_names names;

	ff_dim_names(dim, &names);
	return n >= 0 && (size_t)n < names.n ? names.v[n] : FF_STR_NONE;
}

static struct ff_str
robot_name(int64_t n)
{
	return dim_name(FF_DIM_ROBOT, n);
}

static struct ff_str
channel_name(int64_t n)
{
	return dim_name(FF_DIM_CHANNEL, n);
}

static struct ff_str
device_name(int64_t n)
{
	return dim_name(FF_DIM_DEVICE, n);
}

static struct ff_str
screen_name(int64_t n)
{
	return ff_str_from(ff_screen_name((enum ff_screen)n));
}

#define TEXT(title)        { title, FF_COLUMN_TEXT, NULL }
#define NUMBER(title)      { title, FF_COLUMN_NUMBER, NULL }
#define BOOL(title)        { title, FF_COLUMN_BOOL, NULL }
#define NAME(title, names) { title, FF_COLUMN_NAME, names }
#define IDENTITY(title)    { title, FF_COLUMN_IDENTITY, NULL }

static const struct ff_sheet_column events[] = { TEXT("time"), TEXT("event_id"), NAME("kind", kind_name), TEXT("name"),
	TEXT("hostname"), TEXT("path"), TEXT("item_kind"), TEXT("item_id"), NAME("view_type", view_type_name),
	NAME("view_source", view_source_name), TEXT("list"), NUMBER("position"), TEXT("target"), NUMBER("value"), NUMBER("revenue"),
	TEXT("currency"), NUMBER("engaged_ms"), NUMBER("scroll"), NUMBER("media_length_ms"), NUMBER("media_position_ms"),
	BOOL("authenticated"), BOOL("unique"), NAME("robot", robot_name), NUMBER("visit_id"),
	{ "props", FF_COLUMN_JSON, NULL }, IDENTITY("visitor"), IDENTITY("viewer") };
static const struct ff_sheet_column visits[] = { TEXT("started"), TEXT("ended"), NUMBER("visit_id"), NUMBER("duration_s"),
	NUMBER("engaged_ms"), NUMBER("pageviews"), NUMBER("views"), NUMBER("events"), BOOL("bounce"),
	TEXT("entry_page"), TEXT("exit_page"), TEXT("entry_hostname"), TEXT("exit_hostname"), TEXT("source"),
	TEXT("referrer"), NAME("channel", channel_name), TEXT("utm_source"), TEXT("utm_medium"), TEXT("utm_campaign"),
	TEXT("utm_content"), TEXT("utm_term"), TEXT("country"), TEXT("region"), TEXT("city"),
	NAME("device", device_name), NAME("screen", screen_name), TEXT("browser"), TEXT("browser_version"),
	TEXT("os"), TEXT("os_version"), TEXT("language"), BOOL("authenticated"), BOOL("purged"), IDENTITY("visitor") };
static const struct ff_sheet_column items[] = { TEXT("kind"), TEXT("id"), TEXT("title"), TEXT("url"), TEXT("owner"),
	TEXT("collection"),
	BOOL("private"), TEXT("published"), TEXT("created"), NUMBER("views_today"), NUMBER("views_month"), NUMBER("views_total"),
	NUMBER("unique_today"), NUMBER("unique_month"), NUMBER("unique_total"), NUMBER("qualified_today"),
	NUMBER("qualified_month"), NUMBER("qualified_total") };

#define COLUMNS(v) { v, sizeof(v) / sizeof *(v) }

const struct ff_sheet ff_export_sheets[] = { [FF_EXPORT_EVENTS] = COLUMNS(events), [FF_EXPORT_VISITS] = COLUMNS(visits),
	[FF_EXPORT_ITEMS] = COLUMNS(items) };

int64_t
ff_export_kind(struct ff_str name)
{
	for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
		if (ff_str_eqz(name, kinds[i]))
			return (int64_t)i;
	return 0;
}

static bool
is_shown(const struct ff_sheet_column *column, const struct ff_export_ask *ask)
{
	return column->type != FF_COLUMN_IDENTITY || ask->identities;
}

void
ff_export_put_head(struct ff_buf *out, const struct ff_sheet *sheet, const struct ff_export_ask *ask)
{
	if (ask->format != FF_EXPORT_CSV || ask->continued)
		return;
	if (ask->bom)
		ff_buf_z(out, "\xef\xbb\xbf");
	for (size_t i = 0; i < sheet->n; i++)
		if (is_shown(&sheet->v[i], ask))
			ff_csv_field(out, ff_str_from(sheet->v[i].title), i == 0);
	ff_csv_field(out, FF_STR("cursor"), false);
	ff_csv_end(out);
}

static struct ff_str
text_of(const struct ff_sheet_column *column, const struct ff_rows *rows, int row, int i)
{
	struct ff_str text = ff_row_str(rows, row, i);

	if (text.p == NULL)
		return text;
	if (column->type == FF_COLUMN_NAME)
		return column->name(ff_row_i64(rows, row, i));
	if (column->type == FF_COLUMN_BOOL)
		return ff_str_eqz(text, "t") ? FF_STR("true") : FF_STR("false");
	return text;
}

static struct ff_str
without_trailing_zeros(struct ff_str s)
{
	if (ff_str_find_char(s, '.') == s.len)
		return s;
	while (s.len > 0 && s.p[s.len - 1] == '0')
		s.len--;
	if (s.len > 0 && s.p[s.len - 1] == '.')
		s.len--;
	return s;
}

static void
put_json(struct ff_json_out *json, const struct ff_sheet_column *column, struct ff_str text)
{
	bool raw = column->type == FF_COLUMN_NUMBER || column->type == FF_COLUMN_BOOL || column->type == FF_COLUMN_JSON;

	ff_json_put_key(json, column->title);
	if (text.p == NULL)
		ff_json_put_null(json);
	else if (raw)
		ff_json_put_raw(json, text);
	else
		ff_json_put_str(json, text);
}

void
ff_export_put_row(struct ff_buf *out, const struct ff_sheet *sheet, const struct ff_export_ask *ask,
    const struct ff_rows *rows, int row, struct ff_str cursor)
{
	static const struct ff_sheet_column last = { "cursor", FF_COLUMN_TEXT, NULL };
	bool                          csv = ask->format == FF_EXPORT_CSV;
	struct ff_json_out            json;

	ff_json_out_init(&json, out);
	if (!csv)
		ff_json_object(&json);
	for (size_t i = 0; i < sheet->n; i++) {
		struct ff_str text = text_of(&sheet->v[i], rows, row, (int)i + 1);

		if (!is_shown(&sheet->v[i], ask))
			continue;
		if (sheet->v[i].type == FF_COLUMN_NUMBER)
			text = without_trailing_zeros(text);
		if (csv)
			ff_csv_field(out, text, i == 0);
		else
			put_json(&json, &sheet->v[i], text);
	}
	if (csv) {
		ff_csv_field(out, cursor, false);
		ff_csv_end(out);
		return;
	}
	put_json(&json, &last, cursor);
	ff_json_object_end(&json);
	ff_buf_char(out, '\n');
}
