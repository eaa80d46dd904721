/* Reading of sites.snapshot: checked whole when it is opened, then looked up. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "fact/site.h"
#include "fact/snapshot_file.h"
#include "safe/rand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct ff_snapshot {
	char                              *path;
	const char                        *map;
	size_t                             size;
	dev_t                              dev;
	ino_t                              ino;
	const struct ff_snapshot_heading  *heading;
	const struct ff_snapshot_item_row *items;
	const uint32_t                    *by_domain, *by_id, *by_item, *by_key;
	struct ff_site                    *sites;
	struct ff_site_key                *keys;
};

static bool
text_get(const struct ff_snapshot *s, struct ff_snapshot_text t, struct ff_str *out)
{
	*out = ff_str_of(s->map + t.at, t.len);
	return t.at <= s->size && t.len <= s->size - t.at;
}

static bool
site_texts_get(const struct ff_snapshot *s, const struct ff_snapshot_site_row *row, struct ff_site *site)
{
	return text_get(s, row->domain, &site->domain) && text_get(s, row->name, &site->name)
	    && text_get(s, row->time_zone, &site->time_zone) && text_get(s, row->default_kind, &site->default_kind)
	    && text_get(s, row->exclude, &site->exclude) && text_get(s, row->exclude_paths, &site->exclude_paths)
	    && text_get(s, row->exclude_hosts, &site->exclude_hosts)
	    && text_get(s, row->exclude_countries, &site->exclude_countries)
	    && text_get(s, row->unique_windows, &site->unique_windows) && text_get(s, row->qualified, &site->qualified);
}

static bool
site_get(const struct ff_snapshot *s, const struct ff_snapshot_site_row *row, struct ff_site *site)
{
	*site = (struct ff_site){
		.site_id = row->site_id,
		.public_id = row->public_id,
		.strict = row->strict != 0,
		.gpc = row->gpc,
		.dnt = row->dnt,
		.items_max = row->items_max,
		.paths_max = row->paths_max,
	};
	memcpy(site->secret, row->secret, sizeof site->secret);
	return row->gpc <= FF_PRIVACY_DROP && row->dnt <= FF_PRIVACY_DROP && site_texts_get(s, row, site);
}

static bool
key_get(const struct ff_snapshot *s, const struct ff_snapshot_key_row *row, struct ff_site_key *key)
{
	*key = (struct ff_site_key){
		.key_id = row->key_id,
		.expires_us = row->expires_us,
		.site_id = row->site_id,
	};
	memcpy(key->hash, row->hash, sizeof key->hash);
	return text_get(s, row->scopes, &key->scopes);
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
is_power_of_two(uint32_t n)
{
	return (n & (n - 1)) == 0;
}

static bool
heading_valid(const struct ff_snapshot *s)
{
	const struct ff_snapshot_heading *h = s->heading;
	uint64_t                          need;

	if (memcmp(h->magic, FF_SNAPSHOT_MAGIC, sizeof h->magic) != 0 || h->order != 1 || h->size != s->size)
		return false;
	if (h->crc != ff_crc32c(0, s->map + sizeof *h, s->size - sizeof *h))
		return false;
	need = sizeof *h + (uint64_t)h->keys * sizeof(struct ff_snapshot_key_row)
	    + (uint64_t)h->sites * sizeof(struct ff_snapshot_site_row)
	    + (uint64_t)h->items * sizeof(struct ff_snapshot_item_row)
	    + ((uint64_t)h->site_slots * 2 + h->item_slots + h->key_slots) * sizeof(uint32_t);
	return need <= s->size && is_power_of_two(h->site_slots) && is_power_of_two(h->item_slots)
	    && is_power_of_two(h->key_slots);
}

static bool
tables_valid(const struct ff_snapshot *s)
{
	const struct ff_snapshot_heading *h = s->heading;

	return table_valid(s->by_domain, h->site_slots, h->sites) && table_valid(s->by_id, h->site_slots, h->sites)
	    && table_valid(s->by_item, h->item_slots, h->items) && table_valid(s->by_key, h->key_slots, h->keys);
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

/* Texts become slices of the map. */
static bool
rows_get(struct ff_snapshot *s, const struct ff_snapshot_key_row *keys, const struct ff_snapshot_site_row *sites)
{
	const struct ff_snapshot_heading *h = s->heading;

	s->sites = ff_xcalloc((size_t)h->sites + 1, sizeof *s->sites);
	s->keys = ff_xcalloc((size_t)h->keys + 1, sizeof *s->keys);
	for (uint32_t i = 0; i < h->keys; i++)
		if (!key_get(s, &keys[i], &s->keys[i]))
			return false;
	for (uint32_t i = 0; i < h->sites; i++)
		if (!site_get(s, &sites[i], &s->sites[i]))
			return false;
	return items_valid(s);
}

/* What was written before an upgrade, or after it for the next one, is not damage. */
static bool
is_other_version(const struct ff_snapshot *s)
{
	const size_t name = sizeof FF_SNAPSHOT_MAGIC - 2;

	return memcmp(s->map, FF_SNAPSHOT_MAGIC, name) == 0 && s->map[name] >= '1' && s->map[name] <= '9'
	    && s->map[name] != FF_SNAPSHOT_MAGIC[name];
}

static enum ff_err
parse(struct ff_snapshot *s)
{
	const struct ff_snapshot_heading  *h = s->heading = (const void *)s->map;
	const struct ff_snapshot_key_row  *keys = (const void *)(h + 1);
	const struct ff_snapshot_site_row *sites;

	if (is_other_version(s))
		return FF_NOT_FOUND;
	if (!heading_valid(s))
		return FF_CORRUPT;
	sites = (const void *)(keys + h->keys);
	s->items = (const void *)(sites + h->sites);
	s->by_domain = (const void *)(s->items + h->items);
	s->by_id = s->by_domain + h->site_slots;
	s->by_item = s->by_id + h->site_slots;
	s->by_key = s->by_item + h->item_slots;
	return tables_valid(s) && rows_get(s, keys, sites) ? FF_OK : FF_CORRUPT;
}

static enum ff_err
map_file(struct ff_snapshot *s, int fd)
{
	struct stat st;
	void       *p;

	if (fstat(fd, &st) != 0)
		return FF_IO;
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct ff_snapshot_heading)
	    || st.st_size > (off_t)FF_SNAPSHOT_MAX)
		return FF_CORRUPT;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return FF_IO;
	s->map = p;
	s->size = (size_t)st.st_size;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	FF_TRY(parse(s));
	return (st.st_mode & S_IRWXO) != 0 ? FF_FORBIDDEN : FF_OK;
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
		if (err != FF_NOT_FOUND)
			ff_error("snapshot", "%s is refused: %s", path,
			    err == FF_FORBIDDEN ? "others may read the secrets in it: chmod 600" : ff_err_sentence(err));
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
	if (snapshot->sites != NULL)
		ff_wipe(snapshot->sites, snapshot->heading->sites * sizeof *snapshot->sites);
	if (snapshot->map != NULL)
		munmap((void *)(uintptr_t)snapshot->map, snapshot->size);
	free(snapshot->sites);
	free(snapshot->keys);
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

size_t
ff_snapshot_index(const struct ff_snapshot *snapshot, const struct ff_site *site)
{
	return (size_t)(site - snapshot->sites);
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

	for (uint32_t at = ff_snapshot_hash_str(want) & mask; snapshot->by_domain[at] != 0; at = (at + 1) & mask) {
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

	for (uint32_t at = ff_snapshot_hash_uuid(public_id) & mask; snapshot->by_id[at] != 0; at = (at + 1) & mask) {
		const struct ff_site *site = &snapshot->sites[snapshot->by_id[at] - 1];

		if (memcmp(&site->public_id, public_id, sizeof *public_id) == 0)
			return site;
	}
	return NULL;
}

const struct ff_site *
ff_snapshot_by_number(const struct ff_snapshot *snapshot, int64_t site_id)
{
	for (uint32_t i = 0; i < snapshot->heading->sites; i++)
		if (snapshot->sites[i].site_id == site_id)
			return &snapshot->sites[i];
	return NULL;
}

const struct ff_site_key *
ff_snapshot_key(const struct ff_snapshot *snapshot, const uint8_t hash[32])
{
	uint32_t mask = snapshot->heading->key_slots - 1;

	for (uint32_t at = ff_snapshot_hash_key(hash) & mask; snapshot->by_key[at] != 0; at = (at + 1) & mask) {
		const struct ff_site_key *key = &snapshot->keys[snapshot->by_key[at] - 1];

		if (memcmp(key->hash, hash, sizeof key->hash) == 0)
			return key;
	}
	return NULL;
}

bool
ff_snapshot_has_item(const struct ff_snapshot *snapshot, int32_t site_id, struct ff_str kind, struct ff_str key)
{
	uint32_t mask = snapshot->heading->item_slots - 1;

	for (uint32_t at = ff_snapshot_hash_item(site_id, kind, key) & mask; snapshot->by_item[at] != 0; at = (at + 1) & mask) {
		const struct ff_snapshot_item_row *row = &snapshot->items[snapshot->by_item[at] - 1];
		struct ff_str                      row_kind = { snapshot->map + row->kind.at, row->kind.len };
		struct ff_str                      row_key = { snapshot->map + row->key.at, row->key.len };

		if (row->site_id == site_id && ff_str_eq(row_kind, kind) && ff_str_eq(row_key, key))
			return true;
	}
	return false;
}
