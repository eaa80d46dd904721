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
