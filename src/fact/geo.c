#include "fact/geo.h"

#include "base/log.h"
#include "base/utf8.h"
#include "fact/stamp.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct ff_geo {
	MMDB_s          db;
	bool            open;
	const char     *path;
	struct ff_stamp stamp; /* of the file looked at last, taken or refused */
};

#define PATH_MAX_STEPS 4
typedef const char *const geo_path[PATH_MAX_STEPS]; /* ends with NULL */

static geo_path country_paths[] = {
	{ "country", "iso_code", NULL },
	{ "country_code", NULL },
	{ "country", NULL },
	{ "registered_country", "iso_code", NULL },
};
static geo_path region_paths[] = {
	{ "subdivisions", "0", "names", NULL }, /* maps of names: name_at adds "en" */
	{ "region", NULL },
	{ "state1", NULL },
};
static geo_path city_paths[] = {
	{ "city", "names", NULL },
	{ "city", NULL },
};

#define COUNT(paths) (sizeof(paths) / sizeof((paths)[0]))

static enum ff_err
map(const char *path, MMDB_s *db)
{
	int status = MMDB_open(path, MMDB_MODE_MMAP, db);

	if (status == MMDB_SUCCESS)
		return FF_OK;
	ff_error("geo", "%s: %s", path, MMDB_strerror(status));
	return status == MMDB_FILE_OPEN_ERROR ? FF_NOT_FOUND : FF_CORRUPT;
}

enum ff_err
ff_geo_open(struct ff_geo **geo, const char *path)
{
	struct ff_geo *g = ff_xcalloc(1, sizeof(*g));
	enum ff_err    err;

	*geo = g;
	if (path == NULL || path[0] == '\0')
		return FF_OK;
	g->path = path;
	(void)ff_stamp_read(path, &g->stamp);
	err = map(path, &g->db);
	g->open = err == FF_OK;
	if (err != FF_OK) {
		free(g);
		*geo = NULL;
	}
	return err;
}

void
ff_geo_refresh(struct ff_geo *geo)
{
	struct ff_stamp now;
	MMDB_s          fresh;

	if (!geo->open || !ff_stamp_read(geo->path, &now) || ff_stamp_same(&now, &geo->stamp))
		return;
	geo->stamp = now;
	if (map(geo->path, &fresh) != FF_OK)
		return;
	MMDB_close(&geo->db);
	geo->db = fresh;
	ff_info("geo", "%s: opened again", geo->path);
}

void
ff_geo_free(struct ff_geo *geo)
{
	if (geo != NULL && geo->open)
		MMDB_close(&geo->db);
	free(geo);
}

bool
ff_geo_about(const struct ff_geo *geo, struct ff_geo_about *out)
{
	const MMDB_metadata_s *meta = &geo->db.metadata;

	if (!geo->open)
		return false;
	*out = (struct ff_geo_about){ .type = ff_str_from(meta->database_type), .built_s = (int64_t)meta->build_epoch };
	for (size_t i = 0; i < meta->description.count; i++)
		if (strcmp(meta->description.descriptions[i]->language, "en") == 0)
			out->description = ff_str_from(meta->description.descriptions[i]->description);
	return true;
}

static bool
entry_of(const struct ff_geo *geo, const struct ff_addr *addr, MMDB_entry_s *entry)
{
	struct sockaddr_in   v4 = { .sin_family = AF_INET };
	struct sockaddr_in6  v6 = { .sin6_family = AF_INET6 };
	MMDB_lookup_result_s found;
	int                  status;

	memcpy(&v4.sin_addr, addr->b + 12, 4);
	memcpy(&v6.sin6_addr, addr->b, 16);
	found = MMDB_lookup_sockaddr(&geo->db,
	    ff_addr_is_v4(addr) ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6, &status);
	*entry = found.entry;
	return status == MMDB_SUCCESS && found.found_entry;
}

static struct ff_str
text_at(MMDB_entry_s *entry, const char *const *path)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return FF_STR("");
	return ff_str_of(data.utf8_string, data.data_size);
}

/* The text at the path, or its English name where that is a map of names. */
static struct ff_str
name_at(MMDB_entry_s *entry, geo_path path)
{
	const char   *english[PATH_MAX_STEPS + 1] = { NULL };
	struct ff_str text = text_at(entry, path);
	size_t        n = 0;

	for (; path[n] != NULL; n++)
		english[n] = path[n];
	english[n] = "en";
	return text.len > 0 ? text : text_at(entry, english);
}

static struct ff_str
first_name(MMDB_entry_s *entry, struct ff_arena *arena, geo_path *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ff_str name = name_at(entry, paths[i]);

		if (name.len > 0)
			return ff_utf8_cut(ff_utf8_clean(arena, name), FF_GEO_NAME_MAX);
	}
	return FF_STR("");
}

/* Two letters, upper case; false for what stands where a country should but is none. */
static bool
country_read(struct ff_str text, char out[2])
{
	static const char *const none[] = { "EU", "AP", "ZZ", "XX" };
	char                     code[2];

	if (!ff_str_letters(text, code, 2))
		return false;
	for (size_t i = 0; i < COUNT(none); i++)
		if (memcmp(none[i], code, 2) == 0)
			return false;
	memcpy(out, code, 2);
	return true;
}

/* A record of one key, as in data of countries alone, has neither region nor city: five look-ups less. */
static bool
is_country_only(MMDB_entry_s *entry)
{
	static geo_path   whole = { NULL };
	MMDB_entry_data_s data;

	return MMDB_aget_value(entry, &data, whole) == MMDB_SUCCESS && data.has_data && data.type == MMDB_DATA_TYPE_MAP &&
	    data.data_size == 1;
}

void
ff_geo_find(const struct ff_geo *geo, struct ff_arena *arena, const struct ff_addr *addr, struct ff_place *out)
{
	MMDB_entry_s entry;

	*out = (struct ff_place){ { 0 }, FF_STR(""), FF_STR("") };
	if (!geo->open || !entry_of(geo, addr, &entry))
		return;
	for (size_t i = 0; i < COUNT(country_paths); i++)
		if (country_read(text_at(&entry, country_paths[i]), out->country))
			break;
	if (out->country[0] != '\0' && is_country_only(&entry))
		return;
	out->region = first_name(&entry, arena, region_paths, COUNT(region_paths));
	out->city = first_name(&entry, arena, city_paths, COUNT(city_paths));
}
