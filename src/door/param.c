#include "base/day.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/uuid.h"
#include "door/route.h"

#include <inttypes.h>

/* Without a max of its own a text is this long at most. */
#define TEXT_MAX 200

static enum ff_err
text_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	int64_t max = param->max > 0 ? param->max : TEXT_MAX;

	if ((int64_t)value->text.len > max)
		return ff_fault_set(fault, FF_INVALID, param->name, "is longer than %" PRId64 " bytes", max);
	if ((int64_t)value->text.len < param->min)
		return ff_fault_set(fault, FF_INVALID, param->name, "is shorter than %" PRId64 " bytes", param->min);
	return FF_OK;
}

static enum ff_err
int_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	bool    bounded = param->min != 0 || param->max != 0;
	int64_t min = bounded ? param->min : INT64_MIN, max = bounded ? param->max : INT64_MAX;

	if (!ff_num_i64(value->text, &value->i64))
		return ff_fault_set(fault, FF_INVALID, param->name, "is not a whole number");
	if (value->i64 < min || value->i64 > max)
		return ff_fault_set(fault, FF_INVALID, param->name, "is not between %" PRId64 " and %" PRId64, min, max);
	return FF_OK;
}

static enum ff_err
day_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	int32_t day;

	if (!ff_day_parse(value->text, &day))
		return ff_fault_set(fault, FF_INVALID, param->name, "is not a date like 2026-11-21");
	value->i64 = day;
	return FF_OK;
}

static enum ff_err
enum_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	struct ff_str rest = ff_str_from(param->choices);

	for (int64_t i = 0; rest.p != NULL; i++) {
		if (ff_str_eq(ff_str_split(&rest, '|'), value->text)) {
			value->i64 = i;
			return FF_OK;
		}
	}
	return ff_fault_set(fault, FF_INVALID, param->name, "is not one of %s", param->choices);
}

static enum ff_err
uuid_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	struct ff_uuid uuid;

	if (!ff_uuid_parse(value->text, &uuid))
		return ff_fault_set(fault, FF_INVALID, param->name, "is not a UUID");
	return FF_OK;
}

/* "on" is what a ticked box of a form sends. */
static enum ff_err
flag_read(const struct ff_param *param, struct ff_value *value, struct ff_fault *fault)
{
	static const char *const yes[] = { "1", "true", "on", "yes" }, *const no[] = { "0", "false", "off", "no" };

	for (size_t i = 0; i < 4; i++) {
		if (!ff_str_eqz(value->text, yes[i]) && !ff_str_eqz(value->text, no[i]))
			continue;
		value->i64 = ff_str_eqz(value->text, yes[i]);
		return FF_OK;
	}
	return ff_fault_set(fault, FF_INVALID, param->name, "is not a flag: 1 or 0");
}

static enum ff_err (*const readers[])(const struct ff_param *, struct ff_value *, struct ff_fault *) = {
	[FF_PARAM_TEXT] = text_read, [FF_PARAM_INT] = int_read,   [FF_PARAM_DAY] = day_read,
	[FF_PARAM_ENUM] = enum_read, [FF_PARAM_UUID] = uuid_read, [FF_PARAM_FLAG] = flag_read,
};

/* Forms send an empty text for a field left alone: as good as absent. */
static enum ff_err
value_read(const struct ff_param *param, struct ff_str text, struct ff_value *value, struct ff_fault *fault)
{
	if (text.len == 0) {
		if (param->required)
			return ff_fault_set(fault, FF_INVALID, param->name, "is required");
		value->given = text.p != NULL && param->type == FF_PARAM_TEXT;
		value->text = text;
		return FF_OK;
	}
	value->given = true;
	value->text = text;
	return readers[param->type](param, value, fault);
}

static enum ff_err
pairs_of(struct ff_req *req, struct ff_pairs *pairs, struct ff_fault *fault)
{
	if (req->method == FF_POST) {
		*pairs = req->form;
		return FF_OK;
	}
	return ff_query_parse(req->arena, req->query, FF_PAIRS_MAX, pairs, fault);
}

enum ff_err
ff_params_read(struct ff_req *req, struct ff_fault *fault)
{
	const struct ff_param *params = req->route->params;
	struct ff_pairs        pairs = { 0 };
	struct ff_value       *values;
	size_t                 n = 0;

	if (params == NULL)
		return FF_OK;
	while (params[n].name != NULL)
		n++;
	FF_TRY(pairs_of(req, &pairs, fault));
	values = FF_NEW_N(req->arena, n, struct ff_value);
	for (size_t i = 0; i < n; i++)
		FF_TRY(value_read(&params[i], ff_pairs_find(&pairs, params[i].name), &values[i], fault));
	req->values = values;
	return FF_OK;
}
