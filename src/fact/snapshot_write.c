/* Writing of sites.snapshot: rows, tables and text are collected apart and put together at the end. */
#include "base/buf.h"
#include "base/io.h"
#include "base/log.h"
#include "fact/site.h"
#include "fact/snapshot_file.h"
#include "safe/rand.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t
slots_for(size_t rows)
{
	uint32_t slots = 4;

	while (slots < rows * 2)
		slots *= 2;
	return slots;
}

struct maker {
	struct ff_buf rows, text;
	uint32_t      text_at;  /* offset of the text in the file */
	uint32_t     *slots;    /* the four tables, one behind the other */
	uint32_t      site_slots, item_slots, key_slots;
};

static struct ff_snapshot_text
text_put(struct maker *m, struct ff_str s)
{
	struct ff_snapshot_text t = { m->text_at + (uint32_t)m->text.len, (uint32_t)s.len };

	ff_buf_str(&m->text, s);
	return t;
}

static void
slot_put(uint32_t *table, uint32_t slots, uint32_t hash, size_t row)
{
	uint32_t at = hash & (slots - 1);

	while (table[at] != 0)
		at = (at + 1) & (slots - 1);
	table[at] = (uint32_t)row + 1;
}

static void
site_put(struct maker *m, const struct ff_site *site, size_t i)
{
	struct ff_snapshot_site_row row = {
		.public_id = site->public_id,
		.site_id = site->site_id,
		.items_max = site->items_max,
		.paths_max = site->paths_max,
		.strict = site->strict,
		.gpc = (uint8_t)site->gpc,
		.dnt = (uint8_t)site->dnt,
		.domain = text_put(m, site->domain),
		.name = text_put(m, site->name),
		.time_zone = text_put(m, site->time_zone),
		.default_kind = text_put(m, site->default_kind),
		.exclude = text_put(m, site->exclude),
		.exclude_paths = text_put(m, site->exclude_paths),
		.exclude_hosts = text_put(m, site->exclude_hosts),
		.exclude_countries = text_put(m, site->exclude_countries),
		.unique_windows = text_put(m, site->unique_windows),
		.qualified = text_put(m, site->qualified),
	};

	memcpy(row.secret, site->secret, sizeof row.secret);
	ff_buf_put(&m->rows, &row, sizeof row);
	ff_wipe(&row, sizeof row);
	slot_put(m->slots, m->site_slots, ff_snapshot_hash_str(site->domain), i);
	slot_put(m->slots + m->site_slots, m->site_slots, ff_snapshot_hash_uuid(&site->public_id), i);
}

static void
item_put(struct maker *m, const struct ff_site_item *item, size_t i)
{
	struct ff_snapshot_item_row row = { item->site_id, text_put(m, item->kind), text_put(m, item->key) };

	ff_buf_put(&m->rows, &row, sizeof row);
	slot_put(m->slots + 2 * m->site_slots, m->item_slots, ff_snapshot_hash_item(item->site_id, item->kind, item->key), i);
}

static void
key_put(struct maker *m, const struct ff_site_key *key, size_t i)
{
	struct ff_snapshot_key_row row = {
		.key_id = key->key_id,
		.expires_us = key->expires_us,
		.site_id = key->site_id,
		.scopes = text_put(m, key->scopes),
	};
	uint32_t *table = m->slots + 2 * m->site_slots + m->item_slots;

	memcpy(row.hash, key->hash, sizeof row.hash);
	ff_buf_put(&m->rows, &row, sizeof row);
	slot_put(table, m->key_slots, ff_snapshot_hash_key(key->hash), i);
}

static size_t
slots_of(const struct maker *m)
{
	return (size_t)m->site_slots * 2 + m->item_slots + m->key_slots;
}

static uint32_t
text_start(const struct maker *m, const struct ff_snapshot_content *c)
{
	return (uint32_t)(sizeof(struct ff_snapshot_heading) + c->n_keys * sizeof(struct ff_snapshot_key_row)
	    + c->n_sites * sizeof(struct ff_snapshot_site_row) + c->n_items * sizeof(struct ff_snapshot_item_row)
	    + slots_of(m) * sizeof *m->slots);
}

static void
rows_put(struct maker *m, const struct ff_snapshot_content *c)
{
	struct ff_snapshot_heading none = { 0 };

	ff_buf_put(&m->rows, &none, sizeof none);
	for (size_t i = 0; i < c->n_keys; i++)
		key_put(m, &c->keys[i], i);
	for (size_t i = 0; i < c->n_sites; i++)
		site_put(m, &c->sites[i], i);
	for (size_t i = 0; i < c->n_items; i++)
		item_put(m, &c->items[i], i);
}

/* rows becomes the file: heading, rows, tables, text. */
static void
finish(struct maker *m, const struct ff_snapshot_content *c)
{
	struct ff_snapshot_heading h = {
		.order = 1, .sites = (uint32_t)c->n_sites, .items = (uint32_t)c->n_items, .keys = (uint32_t)c->n_keys,
		.site_slots = m->site_slots, .item_slots = m->item_slots, .key_slots = m->key_slots,
	};

	memcpy(h.magic, FF_SNAPSHOT_MAGIC, sizeof h.magic);
	ff_buf_put(&m->rows, m->slots, slots_of(m) * sizeof *m->slots);
	ff_buf_str(&m->rows, ff_buf_view(&m->text));
	if (m->rows.overflow)
		return;
	h.size = (uint32_t)m->rows.len;
	h.crc = ff_crc32c(0, m->rows.p + sizeof h, m->rows.len - sizeof h);
	memcpy(m->rows.p, &h, sizeof h);
}

static enum ff_err
save(const char *path, const struct maker *m)
{
	enum ff_err err = FF_TOO_LARGE;

	if (!m->rows.overflow && !m->text.overflow)
		err = ff_io_replace_file(path, ff_buf_view(&m->rows), 0600);
	if (err != FF_OK)
		ff_error("snapshot", "cannot write %s: %s", path, err == FF_IO ? strerror(errno) : ff_err_sentence(err));
	return err;
}

enum ff_err
ff_snapshot_write(const char *path, const struct ff_snapshot_content *content)
{
	struct maker m = { .site_slots = slots_for(content->n_sites), .item_slots = slots_for(content->n_items),
		.key_slots = slots_for(content->n_keys) };
	enum ff_err err;

	m.slots = ff_xcalloc(slots_of(&m), sizeof *m.slots);
	m.text_at = text_start(&m, content);
	ff_buf_init(&m.rows, FF_SNAPSHOT_MAX);
	ff_buf_init(&m.text, FF_SNAPSHOT_MAX);
	rows_put(&m, content);
	finish(&m, content);
	err = save(path, &m);
	free(m.slots);
	ff_wipe(m.rows.p, m.rows.len);
	ff_buf_free(&m.rows);
	ff_buf_free(&m.text);
	return err;
}
