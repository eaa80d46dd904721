#include "fact/dim.h"
#include "fact/query.h"

static const struct {
	const char *name;
	bool        per_visit;
} dims[FF_DIM_COUNT] = {
#define LEVEL_V true
#define LEVEL_E false
#define DIM_ROW(id, no, name, level) [no] = { name, LEVEL_##level },
	FF_DIMS(DIM_ROW)
#undef DIM_ROW
};

enum metric_level { METRIC_E, METRIC_V, METRIC_I };

static const struct {
	const char       *name;
	enum metric_level level;
} metrics[FF_METRIC_COUNT] = {
#define METRIC_ROW(id, name, kind, level) { name, METRIC_##level },
	FF_METRICS(METRIC_ROW)
#undef METRIC_ROW
};

enum ff_err
ff_dim_parse(struct ff_str name, enum ff_dim *out)
{
	for (int i = FF_DIM_TOTAL + 1; i < FF_DIM_COUNT; i++)
		if (ff_str_eqz(name, dims[i].name)) {
			*out = (enum ff_dim)i;
			return FF_OK;
		}
	return FF_INVALID;
}

const char *
ff_dim_name(enum ff_dim dim)
{
	return dims[dim].name;
}

bool
ff_dim_per_visit(enum ff_dim dim)
{
	return dims[dim].per_visit;
}

enum ff_err
ff_metric_parse(struct ff_str name, enum ff_metric *out)
{
	for (int i = 0; i < FF_METRIC_COUNT; i++)
		if (ff_str_eqz(name, metrics[i].name)) {
			*out = (enum ff_metric)i;
			return FF_OK;
		}
	return FF_INVALID;
}

const char *
ff_metric_name(enum ff_metric metric)
{
	return metrics[metric].name;
}

bool
ff_metric_per_visit(enum ff_metric metric)
{
	return metrics[metric].level == METRIC_V;
}

bool
ff_metric_of_items(enum ff_metric metric)
{
	return metrics[metric].level == METRIC_I;
}

static const char *const grains[] = {
	[FF_GRAIN_NONE] = "",
	[FF_GRAIN_MINUTE] = "time:minute",
	[FF_GRAIN_HOUR] = "time:hour",
	[FF_GRAIN_DAY] = "time:day",
	[FF_GRAIN_WEEK] = "time:week",
	[FF_GRAIN_MONTH] = "time:month",
};
static const char prop_prefix[] = "event:props:", goal_name[] = "event:goal";

enum ff_err
ff_asked_dim_parse(struct ff_str name, struct ff_asked_dim *out)
{
	*out = (struct ff_asked_dim){ 0 };
	if (ff_str_starts(name, ff_str_from(prop_prefix)) && name.len > sizeof prop_prefix - 1) {
		out->prop = ff_str_from_pos(name, sizeof prop_prefix - 1);
		return FF_OK;
	}
	out->goal = ff_str_eqz(name, goal_name);
	if (out->goal)
		return FF_OK;
	out->grain = ff_str_eqz(name, "time") ? FF_GRAIN_DAY : FF_GRAIN_NONE;
	for (int g = FF_GRAIN_HOUR; g <= FF_GRAIN_MONTH; g++)
		if (ff_str_eqz(name, grains[g]))
			out->grain = (enum ff_grain)g;
	return out->grain != FF_GRAIN_NONE ? FF_OK : ff_dim_parse(name, &out->dim);
}

const char *
ff_asked_dim_name(const struct ff_asked_dim *dim)
{
	return dim->grain != FF_GRAIN_NONE ? grains[dim->grain]
	    : dim->goal                    ? goal_name
	    : dim->prop.len > 0            ? prop_prefix
					   : ff_dim_name(dim->dim);
}

bool
ff_asked_dim_per_visit(const struct ff_asked_dim *dim)
{
	return dim->dim != FF_DIM_TOTAL && ff_dim_per_visit(dim->dim);
}

bool
ff_asked_dim_eq(const struct ff_asked_dim *a, const struct ff_asked_dim *b)
{
	return a->grain == b->grain && a->dim == b->dim && a->goal == b->goal && ff_str_eq(a->prop, b->prop);
}

enum ff_grain
ff_query_grain(const struct ff_query *query)
{
	for (size_t i = 0; i < query->n_dims; i++)
		if (query->dims[i].grain != FF_GRAIN_NONE)
			return query->dims[i].grain;
	return FF_GRAIN_NONE;
}
