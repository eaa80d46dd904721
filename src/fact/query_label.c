/* query_label.c - what a dimension's stored numbers mean. */
#include "fact/query_plan.h"
#include "fact/referrer.h"
#include "fact/screen.h"

enum ff_label_kind
ff_dim_label_kind(const struct ff_asked_dim *dim)
{
	if (dim->goal)
		return FF_LABEL_NAMES;
	if (dim->prop.len > 0 || ff_dim_is_text(dim->dim))
		return FF_LABEL_ITSELF;
	switch (dim->dim) {
	case FF_DIM_ITEM:
		return FF_LABEL_ITEM;
	case FF_DIM_CHANNEL:
	case FF_DIM_DEVICE:
	case FF_DIM_ROBOT:
	case FF_DIM_AUTH:
	case FF_DIM_SCREEN:
	case FF_DIM_VIEW_TYPE:
	case FF_DIM_VIEW_SOURCE:
		return FF_LABEL_NAMES;
	default:
		return FF_LABEL_TEXT;
	}
}

bool
ff_dim_rolled(enum ff_dim dim)
{
	return !ff_dim_of_items(dim);
}

const char *
ff_dim_empty(const struct ff_asked_dim *dim)
{
	if (dim->prop.len > 0)
		return "(none)";
	return dim->dim == FF_DIM_SOURCE || dim->dim == FF_DIM_REFERRER ? "Direct / None" : "(not set)";
}

static const char *
robot_name(enum ff_robot robot)
{
	static const char *const names[] = {
		[FF_ROBOT_NO] = "",
		[FF_ROBOT_AGENT] = "Robot",
		[FF_ROBOT_EMPTY] = "No user agent",
		[FF_ROBOT_LIBRARY] = "HTTP library",
		[FF_ROBOT_HEADLESS] = "Automated browser",
		[FF_ROBOT_SPAM] = "Referrer spam",
		[FF_ROBOT_NETWORK] = "Listed network",
		[FF_ROBOT_BEHAVIOUR] = "Behaviour",
		[FF_ROBOT_PURGED] = "Purged",
		[FF_ROBOT_OWNER] = "Author",
		[FF_ROBOT_TEAM] = "Team",
	};

	return names[robot];
}

static const char *
auth_name(size_t number)
{
	return number == 0 ? "anonymous" : "authenticated";
}

static const char *const view_types[] = {
	[0] = "",
	[FF_VIEW_INTENTIONAL] = "intentional",
	[FF_VIEW_LISTING] = "listing",
	[FF_VIEW_SEARCH] = "search",
	[FF_VIEW_WIDGET] = "widget",
	[FF_VIEW_EMBED] = "embed",
};

static const char *const view_sources[] = {
	[0] = "",
	[FF_SOURCE_WEB] = "web",
	[FF_SOURCE_API] = "api",
	[FF_SOURCE_PLAYER] = "player",
	[FF_SOURCE_FEED] = "feed",
	[FF_SOURCE_APP] = "app",
};

static const char *
name_of(enum ff_dim dim, size_t number)
{
	switch (dim) {
	case FF_DIM_CHANNEL:
		return ff_channel_name((enum ff_channel)number);
	case FF_DIM_DEVICE:
		return ff_device_name((enum ff_device)number);
	case FF_DIM_AUTH:
		return auth_name(number);
	case FF_DIM_SCREEN:
		return ff_screen_name((enum ff_screen)number);
	case FF_DIM_VIEW_TYPE:
		return view_types[number];
	case FF_DIM_VIEW_SOURCE:
		return view_sources[number];
	default:
		return robot_name((enum ff_robot)number);
	}
}

static size_t
last_of(enum ff_dim dim)
{
	switch (dim) {
	case FF_DIM_CHANNEL:
		return FF_CHANNEL_NEWS;
	case FF_DIM_DEVICE:
		return FF_DEVICE_BOT;
	case FF_DIM_AUTH:
		return 1;
	case FF_DIM_SCREEN:
		return FF_SCREEN_DESKTOP;
	case FF_DIM_VIEW_TYPE:
		return FF_VIEW_EMBED;
	case FF_DIM_VIEW_SOURCE:
		return FF_SOURCE_APP;
	default:
		return FF_ROBOT_TEAM;
	}
}

void
ff_dim_names(enum ff_dim dim, struct ff_dim_names *out)
{
	out->n = last_of(dim) + 1;
	for (size_t i = 0; i < out->n; i++) {
		const char *name = name_of(dim, i);

		out->v[i] = ff_str_from(name[0] == '\0' ? "(not set)" : name);
	}
}
