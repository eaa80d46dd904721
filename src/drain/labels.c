#include "base/limits.h"
#include "drain/caps.h"
#include "drain/inside.h"
#include "fact/screen.h"

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

/* Asked of the database, each once. */
struct wanted {
	struct ff_array *sites, *values;
};

enum { KEY_MAX = 4 + FF_LABEL_MAX };

static struct ff_str
label_key(char key[KEY_MAX], int32_t site_id, struct ff_str text)
{
	if (text.len > FF_LABEL_MAX)
		ff_panic("a decoded text is longer than a label");
	memcpy(key, &site_id, 4);
	if (text.len > 0)
		memcpy(key + 4, text.p, text.len);
	return ff_str_of(key, 4 + text.len);
}

/* What the cache says of a text: above 0, its label; TO_MAKE; else, below 0, the attempt that asked for it last and found
 * nothing. */
#define TO_MAKE INT64_MIN

static int64_t *
known_of(struct ff_drain *drain, int32_t site_id, struct ff_str text)
{
	char key[KEY_MAX];

	return ff_table_put(&drain->known.labels, label_key(key, site_id, text), 0, NULL);
}

static void
want(struct wanted *wanted, int32_t site_id, struct ff_str text)
{
	ff_array_put(wanted->sites, site_id);
	ff_array_put_str(wanted->values, text);
}

static struct wanted
wanted_new(struct ff_drain *drain)
{
	return (struct wanted){ ff_array_new(&drain->scratch, FF_ARRAY_I32), ff_array_new(&drain->scratch, FF_ARRAY_TEXT) };
}

/* 0: not known yet; asked for, once. */
static int32_t
label_of(struct ff_drain *drain, int32_t site_id, struct ff_str text, struct wanted *wanted)
{
	int64_t *label = known_of(drain, site_id, text);

	if (*label > 0)
		return (int32_t)*label;
	if (*label != -drain->attempts) {
		*label = -drain->attempts;
		want(wanted, site_id, text);
	}
	return 0;
}

/* True if all are known. */
static bool
record_fill(struct ff_drain *drain, struct ff_record *r, int first, int end, struct wanted *wanted)
{
	bool all = r->site->no_text != 0;

	for (int f = first; f < end; f++) {
		struct ff_str text = text_of(r, (enum ff_field)f);

		r->traits.label[f] = text.len == 0 ? r->site->no_text : label_of(drain, r->site->site_id, text, wanted);
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

/* The records that lack labels. */
struct lacking {
	struct ff_record **v;
	size_t             n;
	int                first, end; /* fields */
};

static void
fill(struct ff_drain *drain, struct ff_work *work, struct lacking *lacking, bool traits, struct wanted *wanted)
{
	for (size_t i = 0; i < drain->n_sites; i++)
		drain->sites[i].no_text = label_of(drain, drain->sites[i].site_id, FF_STR_NONE, wanted);
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		ff_work_ahead(work, i);
		texts_ahead(work, i, traits);
		if (r->fate == FF_FATE_STORE && (!traits || r->wanted) &&
		    !record_fill(drain, r, lacking->first, lacking->end, wanted))
			lacking->v[lacking->n++] = r;
	}
}

/* Runs label_find or label_make. */
static enum ff_err
ask(struct ff_drain *drain, struct wanted *wanted, enum ff_stmt stmt)
{
	struct ff_arg  args[2] = { ff_array_arg(wanted->sites), ff_array_arg(wanted->values) };
	struct ff_rows rows;

	if (wanted->sites->n == 0)
		return FF_OK;
	FF_TRY(ff_db_query(drain->db, &drain->scratch, stmt, args, 2, &rows));
	for (int i = 0; i < rows.n; i++)
		*known_of(drain, (int32_t)ff_row_i64(&rows, i, 0), ff_row_str(&rows, i, 1)) = ff_row_i64(&rows, i, 2);
	return FF_OK;
}

/* ---- new texts, up to the caps ---- */

#define OTHER FF_STR("(other)")

/* Not counted: every site needs them. */
static void
need(struct ff_drain *drain, int32_t site_id, struct ff_str text, struct wanted *make)
{
	int64_t *label = known_of(drain, site_id, text);

	if (*label > 0 || *label == TO_MAKE)
		return;
	*label = TO_MAKE;
	want(make, site_id, text);
}

/* Is there to be a label for that text? */
static void
settle_one(struct ff_drain *drain, struct ff_caps *caps, struct ff_record *r, int field, struct wanted *make)
{
	struct ff_str text = text_of(r, (enum ff_field)field);
	int64_t      *label;

	if (text.len == 0 || r->traits.label[field] != 0)
		return;
	label = known_of(drain, r->site->site_id, text);
	if (*label > 0)
		r->traits.label[field] = (int32_t)*label;
	if (*label > 0 || *label == TO_MAKE)
		return;
	if (ff_caps_take(caps, r, field == FF_FIELD_PATH)) {
		*label = TO_MAKE;
		want(make, r->site->site_id, text);
		return;
	}
	r->other |= UINT32_C(1) << field;
	need(drain, r->site->site_id, OTHER, make);
}

static enum ff_err
settle(struct ff_drain *drain, const struct lacking *lacking, struct wanted *make)
{
	struct ff_caps caps;

	FF_TRY(ff_caps_load(drain, &caps, lacking->v, lacking->n));
	for (size_t i = 0; i < drain->n_sites; i++)
		need(drain, drain->sites[i].site_id, FF_STR_NONE, make);
	for (size_t i = 0; i < lacking->n; i++)
		for (int f = lacking->first; f < lacking->end; f++)
			settle_one(drain, &caps, lacking->v[i], f, make);
	return ff_caps_save(drain, &caps);
}

static void
take_labels(struct ff_drain *drain, const struct lacking *lacking)
{
	for (size_t i = 0; i < drain->n_sites; i++) {
		struct ff_drain_site *site = &drain->sites[i];

		site->no_text = (int32_t)*known_of(drain, site->site_id, FF_STR_NONE);
		site->other = (int32_t)*known_of(drain, site->site_id, OTHER);
	}
	for (size_t i = 0; i < lacking->n; i++) {
		struct ff_record *r = lacking->v[i];

		for (int f = lacking->first; f < lacking->end; f++)
			if (r->traits.label[f] == 0)
				r->traits.label[f] = (r->other >> f & 1) != 0 ?
				    r->site->other :
				    (int32_t)*known_of(drain, r->site->site_id, text_of(r, (enum ff_field)f));
	}
}

static enum ff_err
fill_and_settle(struct ff_drain *drain, struct ff_work *work, bool traits)
{
	struct wanted  wanted = wanted_new(drain), make = wanted_new(drain);
	struct lacking lacking = {
		.v = FF_NEW_N(&drain->scratch, work->n, struct ff_record *),
		.first = traits ? FF_FIELD_SOURCE : 0,
		.end = traits ? FF_FIELD_COUNT : FF_FIELD_SOURCE,
	};

	fill(drain, work, &lacking, traits, &wanted);
	if (lacking.n == 0)
		return FF_OK;
	FF_TRY(ask(drain, &wanted, FF_STMT_LABEL_FIND));
	FF_TRY(settle(drain, &lacking, &make));
	FF_TRY(ask(drain, &make, FF_STMT_LABEL_MAKE));
	take_labels(drain, &lacking);
	return FF_OK;
}

enum ff_err
ff_drain_other(struct ff_drain *drain, struct ff_drain_site *site)
{
	struct wanted make = wanted_new(drain);

	if (*known_of(drain, site->site_id, OTHER) <= 0)
		want(&make, site->site_id, OTHER);
	FF_TRY(ask(drain, &make, FF_STMT_LABEL_MAKE));
	site->other = (int32_t)*known_of(drain, site->site_id, OTHER);
	return FF_OK;
}

enum ff_err
ff_drain_labels(struct ff_drain *drain, struct ff_work *work)
{
	return fill_and_settle(drain, work, false);
}

enum ff_err
ff_drain_traits(struct ff_drain *drain, struct ff_work *work)
{
	for (size_t i = 0; i < work->n; i++) {
		struct ff_record *r = work->v[i];

		r->traits.channel = r->event.channel;
		r->traits.device = r->event.device;
		r->traits.screen = (int16_t)ff_screen_class(r->event.screen);
	}
	return fill_and_settle(drain, work, true);
}
