#include "room/collect/kinds.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "room/collect/beacon.h"
#include "room/collect/props.h"

/* What it is about: a page, an item, one of both, or nothing of the kind. */
enum need { PAGE, ITEM, EITHER, NOTHING };
enum target { NO_TARGET, TARGET, CUT, MUST }; /* CUT: what is too long is cut */
/* The kind's own number: none; any; 1 (the default) or -1; not negative; not negative and required. */
enum value { NO_VALUE, ANY, SIGN, COUNT, AMOUNT };

static const struct rule {
	const char *name;  /* what it is called where the client says nothing; NULL: the client must */
	bool        fixed; /* and it is called nothing else */
	bool        interactive;
	enum need   need;
	enum target target;
	enum value  value;
} rules[] = {
	[FF_KIND_PAGEVIEW] = { "pageview", true, true, PAGE, NO_TARGET, NO_VALUE },
	[FF_KIND_EVENT] = { NULL, false, true, EITHER, TARGET, ANY },
	[FF_KIND_ENGAGEMENT] = { "engagement", true, false, EITHER, NO_TARGET, NO_VALUE },
	[FF_KIND_VIEW] = { "view", true, true, ITEM, NO_TARGET, NO_VALUE },
	[FF_KIND_REACTION] = { NULL, false, true, EITHER, NO_TARGET, SIGN },
	[FF_KIND_COMMENT] = { "comment", true, true, EITHER, NO_TARGET, SIGN },
	[FF_KIND_FOLLOW] = { "follow", true, true, NOTHING, MUST, SIGN },
	[FF_KIND_SHARE] = { "share", true, true, EITHER, TARGET, NO_VALUE },
	[FF_KIND_MEDIA] = { "progress", false, false, ITEM, NO_TARGET, NO_VALUE },
	[FF_KIND_INTERACTION] = { NULL, false, true, NOTHING, TARGET, ANY },
	[FF_KIND_CONFIGURATION] = { "configuration", false, true, NOTHING, TARGET, NO_VALUE },
	[FF_KIND_PERFORMANCE] = { NULL, false, false, NOTHING, TARGET, AMOUNT },
	[FF_KIND_ERROR] = { "error", false, false, NOTHING, CUT, NO_VALUE },
	[FF_KIND_SEARCH] = { "search", true, true, NOTHING, MUST, COUNT },
};

/* In the order of their numbers. */
static const char *const words[] = { "pageview", "event", "engagement", "view", "reaction", "comment", "follow", "share",
	"media", "interaction", "configuration", "performance", "error", "search", NULL };

_Static_assert(sizeof(words) / sizeof(words[0]) == sizeof(rules) / sizeof(rules[0]), "each kind has its word");

/* ---- kind and name ---- */

enum ff_err
ff_name_read(const struct ff_fields *fields, const char *brief, const char *key, const char *field, struct ff_str *name)
{
	if (ff_field_id(fields, brief, key, FF_BATCH_MAX, name) != FF_OK)
		return ff_field_bad(fields, field, "is invalid");
	if (name->p && ff_str_trim(*name).len == 0)
		return ff_field_bad(fields, field, "can't be blank");
	if (ff_utf8_characters(*name) > FF_NAME_MAX)
		return ff_field_bad(fields, field, "should be at most 120 character(s)");
	return FF_OK;
}

static enum ff_kind
kind_of_name(struct ff_str name)
{
	if (ff_str_eqz(name, "pageview"))
		return FF_KIND_PAGEVIEW;
	return ff_str_eqz(name, "engagement") ? FF_KIND_ENGAGEMENT : FF_KIND_EVENT;
}

enum ff_err
ff_kind_read(const struct ff_fields *fields, struct ff_event *event)
{
	struct ff_str      name = FF_STR_NONE;
	const struct rule *rule;

	event->kind = 0;
	FF_TRY(ff_field_word(fields, "kind", words, &event->kind));
	FF_TRY(ff_name_read(fields, "n", "name", "event_name", &name));
	if (ff_str_eqz(name, "pageleave"))
		name = FF_STR("engagement");
	if (event->kind == 0)
		event->kind = (uint8_t)kind_of_name(name);
	rule = &rules[event->kind];
	if (!name.p && !rule->name)
		return ff_field_bad(fields, "event_name", "can't be blank");
	event->name = name.p ? name : ff_str_from(rule->name);
	if (rule->fixed && !ff_str_eqz(event->name, rule->name))
		return ff_field_bad(fields, "event_name",
		    ff_str_z(fields->arena, ff_str_printf(fields->arena, "is \"%s\" for this kind", rule->name)));
	if (!rule->fixed && kind_of_name(event->name) != FF_KIND_EVENT)
		return ff_field_bad(fields, "event_name", "belongs to another kind");
	return FF_OK;
}

bool
ff_kind_interactive(enum ff_kind kind)
{
	return rules[kind].interactive;
}

bool
ff_kind_pageless(const struct ff_fields *fields, enum ff_kind kind)
{
	return rules[kind].need == NOTHING ||
	    (rules[kind].need != PAGE && ff_field_find(fields, NULL, "item") != NULL);
}

/* ---- what a kind has ---- */

static enum ff_err
read_target(const struct ff_fields *fields, enum target rule, struct ff_event *event)
{
	if (rule == NO_TARGET)
		return FF_OK;
	FF_TRY(ff_field_text(fields, NULL, "target", rule == CUT ? FF_BATCH_MAX : FF_LABEL_MAX, &event->target));
	event->target = ff_utf8_cut(event->target, FF_LABEL_MAX);
	if (rule == MUST && ff_str_trim(event->target).len == 0)
		return ff_field_bad(fields, "target", "is required for this kind");
	return FF_OK;
}

static enum ff_err
read_value(const struct ff_fields *fields, enum value rule, struct ff_event *event)
{
	bool given = false;

	if (rule == NO_VALUE)
		return FF_OK;
	event->measure_micros = rule == SIGN ? 1000000 : 0;
	FF_TRY(ff_field_micros(fields, "value", &event->measure_micros, &given));
	if (rule == SIGN && event->measure_micros != 1000000 && event->measure_micros != -1000000)
		return ff_field_bad(fields, "value", "is neither 1 nor -1");
	if (rule == AMOUNT && !given)
		return ff_field_bad(fields, "value", "is required for this kind");
	if ((rule == AMOUNT || rule == COUNT) && event->measure_micros < 0)
		return ff_field_bad(fields, "value", "is negative");
	if (given || rule == SIGN)
		event->flags |= FF_FLAG_MEASURE;
	return FF_OK;
}

static enum ff_err
read_played(const struct ff_fields *fields, struct ff_event *event)
{
	bool any = false;

	if (event->kind == FF_KIND_ENGAGEMENT || event->kind == FF_KIND_MEDIA)
		ff_engagement_read(fields, event, &any);
	if (event->kind == FF_KIND_ENGAGEMENT && !any)
		return ff_field_bad(fields, "event_name",
		    "engagement event requires a valid integer value for at least one of 'sd' or 'e' fields");
	return event->kind == FF_KIND_MEDIA ? ff_media_read(fields, event) : FF_OK;
}

enum ff_err
ff_kind_fields(const struct ff_fields *fields, struct ff_beacon *beacon, bool interactive)
{
	struct ff_event   *event = &beacon->event;
	const struct rule *rule = &rules[event->kind];

	if (rule->need == ITEM && event->item.key.len == 0)
		return ff_field_bad(fields, "item", "is required for this kind");
	if (!interactive || !rule->interactive)
		event->flags |= FF_FLAG_NON_INTERACTIVE;
	FF_TRY(read_target(fields, rule->target, event));
	FF_TRY(read_value(fields, rule->value, event));
	return read_played(fields, event);
}
