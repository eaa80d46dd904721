/* The columns of the archives, in the order of sql/queries/archive_*.sql; restore_*.sql finds them by name. */
#include "fact/archive_inside.h"

#include <stddef.h>

static const char *const event_columns[] = {
	"ts", "event_id", "visit_id", "visitor", "item_kind", "item_key", "value_micros", "name", "hostname", "path",
	"engaged_ms", "flags", "kind", "view_type", "view_source", "robot", "scroll", "currency", "props", "viewer",
	"target", "list", "position", "measure_micros", "media_length_ms", "media_position_ms", "watched", "purge_id",
	"traits", NULL
};
static const char *const event_labels[] = {
	"name", "hostname", "path", "target", "list", NULL
};
static const char *const visit_columns[] = {
	"visit_id", "visitor", "started_at", "last_at", "engaged_ms", "day", "pageviews", "views", "events",
	"interactive", "entry_page", "exit_page", "source", "referrer", "utm_source", "utm_medium", "utm_campaign",
	"utm_content", "utm_term", "country", "region", "city", "browser", "browser_version", "os", "os_version",
	"language", "entry_hostname", "exit_hostname", "channel", "device", "screen", "auth", "purge_id", NULL
};
static const char *const visit_labels[] = {
	"entry_page", "exit_page", "source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content",
	"utm_term", "country", "region", "city", "browser", "browser_version", "os", "os_version", "language",
	"entry_hostname", "exit_hostname", NULL
};
static const char *const window_columns[] = {
	"started_at", "visitor", "item_kind", "item_key", "engaged_ms", "event_id", "percent", "auth", "qualified",
	"played", "completed", "watched", "purge_id", NULL
};
static const char *const window_labels[] = {
	NULL
};

const struct ff_archive_shape ff_archive_shapes[FF_ARCHIVE_TABLES] = {
	[FF_ARCHIVE_EVENT] = { "event", FF_STMT_ARCHIVE_EVENTS, FF_STMT_RESTORE_EVENTS, event_columns, event_labels },
	[FF_ARCHIVE_VISIT] = { "visit", FF_STMT_ARCHIVE_VISITS, FF_STMT_RESTORE_VISITS, visit_columns, visit_labels },
	[FF_ARCHIVE_WINDOW] = { "content_window", FF_STMT_ARCHIVE_WINDOWS, FF_STMT_RESTORE_WINDOWS, window_columns, window_labels },
};

const char *
ff_archive_table_name(enum ff_archive_table table)
{
	return ff_archive_shapes[table].name;
}

const char *
ff_archive_file_path(struct ff_arena *arena, const char *dir, enum ff_archive_table table)
{
	return ff_str_printf(arena, "%s/%s.csv.gz", dir, ff_archive_shapes[table].name).p;
}
