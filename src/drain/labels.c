#include "base/limits.h"
#include "drain/inside.h"

#include <string.h>

/* Where each field's text stands in an event; the country has a form of its own. */
static const size_t at[FF_FIELD_COUNT] = {
	[FF_FIELD_NAME] = offsetof(struct ff_event, name),
	[FF_FIELD_HOSTNAME] = offsetof(struct ff_event, hostname),
	[FF_FIELD_PATH] = offsetof(struct ff_event, path),
	[FF_FIELD_TARGET] = offsetof(struct ff_event, target),
	[FF_FIELD_LIST] = offsetof(struct ff_event, list),
	[FF_FIELD_SOURCE] = offsetof(struct ff_event, source),
	[FF_FIELD_REFERRER] = offsetof(struct ff_event, referrer),
	[FF_FIELD_UTM_SOURCE] = offsetof(struct ff_event, utm_source),
	[FF_FIELD_UTM_MEDIUM] = offsetof(struct ff_event, utm_medium),
	[FF_FIELD_UTM_CAMPAIGN] = offsetof(struct ff_event, utm_campaign),
	[FF_FIELD_UTM_CONTENT] = offsetof(struct ff_event, utm_content),
	[FF_FIELD_UTM_TERM] = offsetof(struct ff_event, utm_term),
	[FF_FIELD_REGION] = offsetof(struct ff_event, region),
	[FF_FIELD_CITY] = offsetof(struct ff_event, city),
	[FF_FIELD_BROWSER] = offsetof(struct ff_event, browser),
	[FF_FIELD_BROWSER_VERSION] = offsetof(struct ff_event, browser_version),
	[FF_FIELD_OS] = offsetof(struct ff_event, os),
	[FF_FIELD_OS_VERSION] = offsetof(struct ff_event, os_version),
	[FF_FIELD_LANGUAGE] = offsetof(struct ff_event, language),
};

static struct ff_str
text_of(const struct ff_record *r, enum ff_field field)
{
	if (field == FF_FIELD_COUNTRY)
		return r->country;
	return *(const struct ff_str *)((const char *)&r->event + at[field]);
}

struct wanted {
	struct ff_array *sites, *values;
};

enum { KEY_MAX = 4 + FF_LABEL_MAX };

/* 0: not known yet; asked for, once. */
static int32_t
label_of(struct ff_table *labels, int32_t site_id, struct ff_str text, struct wanted *wanted)
{
	char     key[KEY_MAX];
	bool     added;
	int64_t *label;

	if (text.len > FF_LABEL_MAX)
		ff_panic("a decoded text is longer than a label");
	memcpy(key, &site_id, 4);
	if (text.len > 0)
		memcpy(key + 4, text.p, text.len);
	label = ff_table_put(labels, ff_str_of(key, 4 + text.len), 0, &added);
	if (added) {
		ff_array_put(wanted->sites, site_id);
		ff_array_put_str(wanted->values, text);
	}
	return (int32_t)*label;
}

/* True if all are known. */
static bool
record_fill(struct ff_table *labels, struct ff_record *r, int first, int end, struct wanted *wanted)
{
	bool all = r->site->no_text != 0;

	for (int f = first; f < end; f++) {
		struct ff_str text = text_of(r, (enum ff_field)f);

		r->traits.label[f] = text.len == 0 ? r->site->no_text :
		                                     label_of(labels, r->site->site_id, text, wanted);
		all = all && r->traits.label[f] != 0;
	}
	return all;
}

/* The texts themselves; their slices were asked for a little earlier. */
static void
texts_ahead(const struct ff_work *work, size_t i, bool traits)
{
	if (i + FF_AHEAD / 2 >= work->n || (traits && !work->v[i + FF_AHEAD / 2]->wanted))
		return;
	__builtin_prefetch(work->v[i + FF_AHEAD / 2]->event.path.p);
	if (traits)
		__builtin_prefetch(work->v[i + FF_AHEAD / 2]->event.browser.p);
}

static bool
fill(struct ff_drain *drain, struct ff_work *work, bool traits, struct wanted *wanted)
{
	int  first = traits ? FF_FIELD_SOURCE : 0, end = traits ? FF_FIELD_COUNT : FF_FIELD_SOURCE;
	bool all = true;

	for (size_t i = 0; i < drain->n_sites; i++)
		drain->sites[i].no_text =
		    label_of(&drain->known.labels, drain->sites[i].site_id, FF_STR_NONE, wanted);
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		ff_work_ahead(work, i);
		texts_ahead(work, i, traits);
		if (r->fate == FF_FATE_STORE && (!traits || r->wanted) &&
		    !record_fill(&drain->known.labels, r, first, end, wanted))
			all = false;
	}
	return all;
}

static enum ff_err
resolve(struct ff_drain *drain, struct wanted *wanted)
{
	struct ff_arg  args[2] = { ff_array_arg(wanted->sites), ff_array_arg(wanted->values) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(drain->db, &drain->scratch, FF_STMT_LABEL_RESOLVE, args, 2, &rows));
	for (int i = 0; i < rows.n; i++) {
		int32_t       site_id = (int32_t)ff_row_i64(&rows, i, 0);
		struct ff_str text = ff_row_str(&rows, i, 1);
		char          key[KEY_MAX];

		memcpy(key, &site_id, 4);
		memcpy(key + 4, text.p, text.len);
		*ff_table_put(&drain->known.labels, ff_str_of(key, 4 + text.len), 0, NULL) = ff_row_i64(&rows, i, 2);
	}
	return FF_OK;
}

static enum ff_err
fill_and_resolve(struct ff_drain *drain, struct ff_work *work, bool traits)
{
	struct wanted wanted = {
		ff_array_new(&drain->scratch, FF_ARRAY_I32), ff_array_new(&drain->scratch, FF_ARRAY_TEXT)
	};

	if (fill(drain, work, traits, &wanted))
		return FF_OK;
	FF_TRY(resolve(drain, &wanted));
	return fill(drain, work, traits, &wanted) ? FF_OK : FF_INTERNAL;
}

enum ff_err
ff_drain_labels(struct ff_drain *drain, struct ff_work *work)
{
	return fill_and_resolve(drain, work, false);
}

enum ff_err
ff_drain_traits(struct ff_drain *drain, struct ff_work *work)
{
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		r->traits.channel = r->event.channel;
		r->traits.device = r->event.device;
		r->traits.screen = (int16_t)(r->event.screen > INT16_MAX ? INT16_MAX : r->event.screen);
	}
	return fill_and_resolve(drain, work, true);
}
