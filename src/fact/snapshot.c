/* sites.snapshot, version 1, in the machine's byte order (it never leaves the machine):
 *
 *   heading, site rows, item rows, three hash tables (site by domain, site by public id, item), text
 *
 * A table is an array of row numbers + 1, 0 = free, a power of two larger than the rows, probed linearly; the
 * hash is the CRC-32C of the key. Text is (offset, length) from the start of the file. The heading holds the
 * CRC-32C of everything behind it. Everything is checked once when it is opened, so look-ups trust it. */
#include "fact/site.h"

#include "base/buf.h"
#include "base/crc32c.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SNAPSHOT_MAX (UINT32_C(1) << 30)

struct heading {
	char     magic[8];
	uint32_t order; /* 1 in the byte order of the writer */
	uint32_t crc;   /* of all bytes behind the heading */
	uint32_t size;  /* of the file */
	uint32_t sites, items;
	uint32_t site_slots, item_slots;
	uint32_t unused[7];
};

struct text {
	uint32_t at, len;
};

struct site_row {
	struct ff_uuid public_id;
	int32_t        site_id;
	uint8_t        strict, gpc, dnt, unused;
	struct text    domain, name, time_zone, default_kind, exclude;
};

struct item_row {
	int32_t     site_id;
	struct text kind, key;
};

static const char magic[8] = "FFSITES1";

/* ---- hashes ---- */

static uint32_t
slots_for(size_t rows)
{
	uint32_t slots = 4;

	while (slots < rows * 2)
		slots *= 2;
	return slots;
}

static uint32_t
hash_str(struct ff_str s)
{
	return ff_crc32c(0, s.p, s.len);
}

static uint32_t
hash_uuid(const struct ff_uuid *id)
{
	return ff_crc32c(0, id->b, sizeof id->b);
}

/* ("a","bc") and ("ab","c") share a hash: the look-up compares the parts. */
static uint32_t
hash_item(int32_t site_id, struct ff_str kind, struct ff_str key)
{
	uint32_t crc = ff_crc32c(0, &site_id, sizeof site_id);

	return ff_crc32c(ff_crc32c(crc, kind.p, kind.len), key.p, key.len);
}

/* ---- writing ---- */

struct maker {
	struct ff_buf rows, text;
	uint32_t      text_at;  /* offset of the text in the file */
	uint32_t     *slots;    /* the three tables, one behind the other */
	uint32_t      site_slots, item_slots;
};

static struct text
text_put(struct maker *m, struct ff_str s)
{
	struct text t = { m->text_at + (uint32_t)m->text.len, (uint32_t)s.len };

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
	struct site_row row = {
		.public_id = site->public_id,
		.site_id = site->site_id,
		.strict = site->strict,
		.gpc = (uint8_t)site->gpc,
		.dnt = (uint8_t)site->dnt,
		.domain = text_put(m, site->domain),
		.name = text_put(m, site->name),
		.time_zone = text_put(m, site->time_zone),
		.default_kind = text_put(m, site->default_kind),
		.exclude = text_put(m, site->exclude),
	};

	ff_buf_put(&m->rows, &row, sizeof row);
	slot_put(m->slots, m->site_slots, hash_str(site->domain), i);
	slot_put(m->slots + m->site_slots, m->site_slots, hash_uuid(&site->public_id), i);
}

static void
item_put(struct maker *m, const struct ff_site_item *item, size_t i)
{
	struct item_row row = { item->site_id, text_put(m, item->kind), text_put(m, item->key) };

	ff_buf_put(&m->rows, &row, sizeof row);
	slot_put(m->slots + 2 * m->site_slots, m->item_slots, hash_item(item->site_id, item->kind, item->key), i);
}

/* rows becomes the file: heading, rows, tables, text. */
static void
finish(struct maker *m, size_t n_sites, size_t n_items)
{
	struct heading h = {
		.order = 1, .sites = (uint32_t)n_sites, .items = (uint32_t)n_items,
		.site_slots = m->site_slots, .item_slots = m->item_slots,
	};

	memcpy(h.magic, magic, sizeof magic);
	ff_buf_put(&m->rows, m->slots, ((size_t)m->site_slots * 2 + m->item_slots) * sizeof *m->slots);
	ff_buf_str(&m->rows, ff_buf_view(&m->text));
	if (m->rows.overflow)
		return;
	h.size = (uint32_t)m->rows.len;
	h.crc = ff_crc32c(0, m->rows.p + sizeof h, m->rows.len - sizeof h);
	memcpy(m->rows.p, &h, sizeof h);
}

enum ff_err
ff_snapshot_write(const char *path, const struct ff_site *sites, size_t n_sites, const struct ff_site_item *items,
    size_t n_items)
{
	struct maker   m = { .site_slots = slots_for(n_sites), .item_slots = slots_for(n_items) };
	struct heading none = { 0 };
	size_t         slots = (size_t)m.site_slots * 2 + m.item_slots;
	enum ff_err    err;

	m.slots = ff_xcalloc(slots, sizeof *m.slots);
	m.text_at = (uint32_t)(sizeof none + n_sites * sizeof(struct site_row) + n_items * sizeof(struct item_row)
	    + slots * sizeof *m.slots);
	ff_buf_init(&m.rows, SNAPSHOT_MAX);
	ff_buf_init(&m.text, SNAPSHOT_MAX);
	ff_buf_put(&m.rows, &none, sizeof none);
	for (size_t i = 0; i < n_sites; i++)
		site_put(&m, &sites[i], i);
	for (size_t i = 0; i < n_items; i++)
		item_put(&m, &items[i], i);
	finish(&m, n_sites, n_items);
	err = m.rows.overflow || m.text.overflow ? FF_TOO_LARGE : ff_io_replace_file(path, ff_buf_view(&m.rows), 0640);
	if (err != FF_OK)
		ff_error("snapshot", "cannot write %s: %s", path, err == FF_IO ? strerror(errno) : ff_err_sentence(err));
	free(m.slots);
	ff_buf_free(&m.rows);
	ff_buf_free(&m.text);
	return err;
}

/* ---- reading ---- */

struct ff_snapshot {
	char                  *path;
	const char            *map;
	size_t                 size;
	dev_t                  dev;
	ino_t                  ino;
	const struct heading  *heading;
	const struct item_row *items;
	const uint32_t        *by_domain, *by_id, *by_item;
	struct ff_site        *sites;
};

static bool
text_get(const struct ff_snapshot *s, struct text t, struct ff_str *out)
{
	*out = ff_str_of(s->map + t.at, t.len);
	return t.at <= s->size && t.len <= s->size - t.at;
}

static bool
site_get(const struct ff_snapshot *s, const struct site_row *row, struct ff_site *site)
{
	*site = (struct ff_site){
		.site_id = row->site_id,
		.public_id = row->public_id,
		.strict = row->strict != 0,
		.gpc = row->gpc,
		.dnt = row->dnt,
	};
	return row->gpc <= FF_PRIVACY_DROP && row->dnt <= FF_PRIVACY_DROP && text_get(s, row->domain, &site->domain)
	    && text_get(s, row->name, &site->name) && text_get(s, row->time_zone, &site->time_zone)
	    && text_get(s, row->default_kind, &site->default_kind) && text_get(s, row->exclude, &site->exclude);
}

/* A table names only rows that exist, and has a free slot, so that every probe ends. */
static bool
table_valid(const uint32_t *table, uint32_t slots, uint32_t rows)
{
	bool hole = false;

	for (uint32_t i = 0; i < slots; i++) {
		if (table[i] > rows)
			return false;
		hole = hole || table[i] == 0;
	}
	return hole;
}

static bool
heading_valid(const struct ff_snapshot *s)
{
	const struct heading *h = s->heading;
	uint64_t              need;

	if (s->size < sizeof *h || memcmp(h->magic, magic, sizeof magic) != 0 || h->order != 1 || h->size != s->size)
		return false;
	if (h->crc != ff_crc32c(0, s->map + sizeof *h, s->size - sizeof *h))
		return false;
	need = sizeof *h + (uint64_t)h->sites * sizeof(struct site_row) + (uint64_t)h->items * sizeof(struct item_row)
	    + ((uint64_t)h->site_slots * 2 + h->item_slots) * sizeof(uint32_t);
	return need <= s->size && (h->site_slots & (h->site_slots - 1)) == 0 && (h->item_slots & (h->item_slots - 1)) == 0;
}

static bool
items_valid(const struct ff_snapshot *s)
{
	struct ff_str part;

	for (uint32_t i = 0; i < s->heading->items; i++)
		if (!text_get(s, s->items[i].kind, &part) || !text_get(s, s->items[i].key, &part))
			return false;
	return true;
}

static enum ff_err
parse(struct ff_snapshot *s)
{
	const struct site_row *rows = (const void *)(s->map + sizeof(struct heading));
	const struct heading  *h = s->heading = (const void *)s->map;

	if (!heading_valid(s))
		return FF_CORRUPT;
	s->items = (const void *)(rows + h->sites);
	s->by_domain = (const void *)(s->items + h->items);
	s->by_id = s->by_domain + h->site_slots;
	s->by_item = s->by_id + h->site_slots;
	if (!table_valid(s->by_domain, h->site_slots, h->sites) || !table_valid(s->by_id, h->site_slots, h->sites)
	    || !table_valid(s->by_item, h->item_slots, h->items) || !items_valid(s))
		return FF_CORRUPT;
	s->sites = ff_xcalloc(h->sites + 1, sizeof *s->sites);
	for (uint32_t i = 0; i < h->sites; i++)
		if (!site_get(s, &rows[i], &s->sites[i]))
			return FF_CORRUPT;
	return FF_OK;
}

static enum ff_err
map_file(struct ff_snapshot *s, int fd)
{
	struct stat st;
	void       *p;

	if (fstat(fd, &st) != 0)
		return FF_IO;
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct heading) || st.st_size > (off_t)SNAPSHOT_MAX)
		return FF_CORRUPT;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return FF_IO;
	s->map = p;
	s->size = (size_t)st.st_size;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return parse(s);
}

enum ff_err
ff_snapshot_open(struct ff_snapshot **snapshot, const char *path)
{
	int                 fd = open(path, O_RDONLY | O_CLOEXEC);
	struct ff_snapshot *s;
	enum ff_err         err;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? FF_NOT_FOUND : FF_IO;
	s = ff_xcalloc(1, sizeof *s);
	s->path = ff_xstrdup(path);
	err = map_file(s, fd);
	close(fd);
	if (err != FF_OK) {
		ff_error("snapshot", "%s is refused: %s", path, ff_err_sentence(err));
		ff_snapshot_close(s);
		return err;
	}
	*snapshot = s;
	return FF_OK;
}

void
ff_snapshot_close(struct ff_snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	if (snapshot->map != NULL)
		munmap((void *)(uintptr_t)snapshot->map, snapshot->size);
	free(snapshot->sites);
	free(snapshot->path);
	free(snapshot);
}

/* The file in use stays mapped, so its inode cannot be taken by the new one: no need to compare times. */
bool
ff_snapshot_stale(const struct ff_snapshot *snapshot)
{
	struct stat st;

	return stat(snapshot->path, &st) == 0 && (st.st_ino != snapshot->ino || st.st_dev != snapshot->dev);
}

size_t
ff_snapshot_count(const struct ff_snapshot *snapshot)
{
	return snapshot->heading->sites;
}

const struct ff_site *
ff_snapshot_at(const struct ff_snapshot *snapshot, size_t i)
{
	return i < snapshot->heading->sites ? &snapshot->sites[i] : NULL;
}

/* ---- look-up ---- */

/* Lower case, no "www." before it, no dot behind it, as ff_url_host_bare makes the domains of sites: "www.com" stays
 * whole. What is no domain becomes empty. */
static struct ff_str
domain_normal(struct ff_str domain, char out[FF_HOST_MAX + 5])
{
	struct ff_str tail;

	if (domain.len > FF_HOST_MAX + 5)
		return FF_STR_NONE;
	for (size_t i = 0; i < domain.len; i++)
		out[i] = domain.p[i] >= 'A' && domain.p[i] <= 'Z' ? (char)(domain.p[i] + 32) : domain.p[i];
	domain.p = out;
	if (domain.len > 0 && out[domain.len - 1] == '.')
		domain.len--;
	tail = ff_str_from_pos(domain, 4);
	return ff_str_starts(domain, FF_STR("www.")) && ff_str_find_char(tail, '.') < tail.len ? tail : domain;
}

const struct ff_site *
ff_snapshot_by_domain(const struct ff_snapshot *snapshot, struct ff_str domain)
{
	char          normal[FF_HOST_MAX + 5];
	struct ff_str want = domain_normal(domain, normal);
	uint32_t      mask = snapshot->heading->site_slots - 1;

	for (uint32_t at = hash_str(want) & mask; snapshot->by_domain[at] != 0; at = (at + 1) & mask) {
		const struct ff_site *site = &snapshot->sites[snapshot->by_domain[at] - 1];

		if (ff_str_eq(site->domain, want))
			return site;
	}
	return NULL;
}

const struct ff_site *
ff_snapshot_by_id(const struct ff_snapshot *snapshot, const struct ff_uuid *public_id)
{
	uint32_t mask = snapshot->heading->site_slots - 1;

	for (uint32_t at = hash_uuid(public_id) & mask; snapshot->by_id[at] != 0; at = (at + 1) & mask) {
		const struct ff_site *site = &snapshot->sites[snapshot->by_id[at] - 1];

		if (memcmp(&site->public_id, public_id, sizeof *public_id) == 0)
			return site;
	}
	return NULL;
}

bool
ff_snapshot_has_item(const struct ff_snapshot *snapshot, int32_t site_id, struct ff_str kind, struct ff_str key)
{
	uint32_t mask = snapshot->heading->item_slots - 1;

	for (uint32_t at = hash_item(site_id, kind, key) & mask; snapshot->by_item[at] != 0; at = (at + 1) & mask) {
		const struct item_row *row = &snapshot->items[snapshot->by_item[at] - 1];
		struct ff_str          row_kind = { snapshot->map + row->kind.at, row->kind.len };
		struct ff_str          row_key = { snapshot->map + row->key.at, row->key.len };

		if (row->site_id == site_id && ff_str_eq(row_kind, kind) && ff_str_eq(row_key, key))
			return true;
	}
	return false;
}
