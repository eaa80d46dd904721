#include "fact/goals.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/db.h"

static const char *const kind_names[FF_GOAL_KIND_COUNT] = {
	[FF_GOAL_EVENT] = "event",
	[FF_GOAL_PAGE] = "page",
	[FF_GOAL_SCROLL] = "scroll",
};

const char *
ff_goal_kind_name(enum ff_goal_kind kind)
{
	return kind_names[kind];
}

bool
ff_goal_kind_parse(struct ff_str name, enum ff_goal_kind *out)
{
	for (int i = 0; i < FF_GOAL_KIND_COUNT; i++)
		if (ff_str_eqz(name, kind_names[i])) {
			*out = (enum ff_goal_kind)i;
			return true;
		}
	return false;
}

static struct ff_str
text_or_empty(const struct ff_rows *rows, int row, int column)
{
	return ff_row_null(rows, row, column) ? FF_STR("") : ff_row_str(rows, row, column);
}

static enum ff_err
read_goal(const struct ff_rows *rows, int row, struct ff_goal *out)
{
	*out = (struct ff_goal){
		.goal_id = (int32_t)ff_row_i64(rows, row, 0),
		.name = ff_row_str(rows, row, 1),
		.event_name = ff_row_str(rows, row, 3),
		.path = ff_row_str(rows, row, 4),
		.scroll = (int)ff_row_i64(rows, row, 5),
		.currency = text_or_empty(rows, row, 6),
	};
	return ff_goal_kind_parse(ff_row_str(rows, row, 2), &out->kind) ? FF_OK : FF_CORRUPT;
}

enum ff_err
ff_goals_load(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_goal **out, size_t *n)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_GOAL_LIST, args, 1, &rows));
	*out = FF_NEW_N(arena, (size_t)rows.n, struct ff_goal);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		FF_TRY(read_goal(&rows, i, &(*out)[i]));
	return FF_OK;
}

static bool
is_plain(struct ff_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return ff_utf8_valid(text);
}

static enum ff_err
event_check(const struct ff_goal *goal, struct ff_fault *fault)
{
	if (goal->path.len > 0)
		return ff_fault_set(fault, FF_INVALID, "path", "does not go with an event");
	if (goal->event_name.len == 0)
		return ff_fault_set(fault, FF_INVALID, "event_name", "is required");
	if (!is_plain(goal->event_name) || ff_utf8_characters(goal->event_name) > FF_NAME_MAX)
		return ff_fault_set(fault, FF_INVALID, "event_name", "must be text of 1 to %d characters", FF_NAME_MAX);
	return FF_OK;
}

static enum ff_err
page_check(const struct ff_goal *goal, struct ff_fault *fault)
{
	if (goal->event_name.len > 0)
		return ff_fault_set(fault, FF_INVALID, "event_name", "does not go with a page");
	if (goal->path.len == 0)
		return ff_fault_set(fault, FF_INVALID, "path", "is required");
	if (goal->path.p[0] != '/' && goal->path.p[0] != '*')
		return ff_fault_set(fault, FF_INVALID, "path", "must begin with / (or * for any)");
	if (!is_plain(goal->path) || goal->path.len > FF_LABEL_MAX)
		return ff_fault_set(fault, FF_INVALID, "path", "must be text of at most %d bytes", FF_LABEL_MAX);
	if (goal->currency.len > 0)
		return ff_fault_set(fault, FF_INVALID, "currency", "goes with events only");
	return FF_OK;
}

static enum ff_err
currency_check(struct ff_str currency, struct ff_fault *fault)
{
	bool good = currency.len == 0 || currency.len == 3;

	for (size_t i = 0; good && i < currency.len; i++)
		good = currency.p[i] >= 'A' && currency.p[i] <= 'Z';
	return good ? FF_OK : ff_fault_set(fault, FF_INVALID, "currency", "must be three capitals as of ISO 4217, e.g. EUR");
}

static struct ff_str
usual_name(struct ff_arena *arena, const struct ff_goal *goal)
{
	switch (goal->kind) {
	case FF_GOAL_PAGE:
		return ff_str_printf(arena, "Visit %.*s", FF_STR_ARG(goal->path));
	case FF_GOAL_SCROLL:
		return ff_str_printf(arena, "Scroll %d%% on %.*s", goal->scroll, FF_STR_ARG(goal->path));
	default:
		return goal->event_name;
	}
}

static enum ff_err
goal_check(struct ff_arena *arena, struct ff_goal *goal, struct ff_fault *fault)
{
	bool scroll = goal->kind == FF_GOAL_SCROLL;

	goal->name = ff_str_trim(goal->name);
	goal->path = ff_str_trim(goal->path);
	FF_TRY(goal->kind == FF_GOAL_EVENT ? event_check(goal, fault) : page_check(goal, fault));
	if (scroll ? goal->scroll < 1 || goal->scroll > 100 : goal->scroll != 0)
		return ff_fault_set(fault, FF_INVALID, "scroll",
		    scroll ? "must be 1 to 100 percent" : "does not go with this kind");
	FF_TRY(currency_check(goal->currency, fault));
	if (goal->name.len == 0)
		goal->name = usual_name(arena, goal);
	if (!is_plain(goal->name) || goal->name.len > FF_LABEL_MAX + 20)
		return ff_fault_set(fault, FF_INVALID, "name", "must be plain text of at most %d bytes", FF_LABEL_MAX + 20);
	return FF_OK;
}

/* No row: the name is another goal's, or the site has as many as it may. */
static enum ff_err
refused(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_fault *fault)
{
	struct ff_goal *goals;
	size_t          n;

	FF_TRY(ff_goals_load(db, arena, site_id, &goals, &n));
	if (n >= FF_GOALS_MAX)
		return ff_fault_set(fault, FF_INVALID, "goals", "are too many: a site may have %d", FF_GOALS_MAX);
	return ff_fault_set(fault, FF_CONFLICT, "name", "is that of another goal");
}

enum ff_err
ff_goals_add(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_goal *goal, bool *added,
    struct ff_fault *fault)
{
	struct ff_arg  args[8];
	struct ff_rows rows;

	FF_TRY(goal_check(arena, goal, fault));
	args[0] = ff_arg_i64(arena, site_id);
	args[1] = ff_arg_str(arena, goal->name);
	args[2] = ff_arg_z(kind_names[goal->kind]);
	args[3] = ff_arg_str(arena, goal->event_name.p != NULL ? goal->event_name : FF_STR(""));
	args[4] = ff_arg_str(arena, goal->path.p != NULL ? goal->path : FF_STR(""));
	args[5] = goal->kind == FF_GOAL_SCROLL ? ff_arg_i64(arena, goal->scroll) : ff_arg_null();
	args[6] = goal->currency.len > 0 ? ff_arg_str(arena, goal->currency) : ff_arg_null();
	args[7] = ff_arg_i64(arena, FF_GOALS_MAX);
	FF_TRY(ff_db_query(db, arena, FF_STMT_GOAL_ADD, args, 8, &rows));
	if (rows.n == 0)
		return refused(db, arena, site_id, fault);
	*added = ff_row_bool(&rows, 0, 7);
	return read_goal(&rows, 0, goal);
}

enum ff_err
ff_goals_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id, int64_t goal_id, struct ff_str *name)
{
	struct ff_arg  args[2] = { ff_arg_i64(arena, site_id), ff_arg_i64(arena, goal_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_GOAL_REMOVE, args, 2, &rows));
	if (rows.n == 0)
		return FF_NOT_FOUND;
	*name = ff_row_str(&rows, 0, 0);
	return FF_OK;
}
