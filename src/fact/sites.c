#include "fact/sites.h"
#include "base/log.h"
#include "base/num.h"
#include "base/utf8.h"
#include "fact/sites_check.h"
#include "safe/rand.h"
#include "store/db.h"
#include "wire/url.h"

#include <string.h>

static int32_t
days_or_default(const struct ff_rows *rows, int row, int column)
{
	return ff_row_null(rows, row, column) ? -1 : (int32_t)ff_row_i64(rows, row, column);
}

/* Slices point into the answer, which lives as long as the arena. */
static enum ff_err
read_site(struct ff_arena *arena, const struct ff_rows *rows, int row, struct ff_site *out)
{
	struct ff_str secret = ff_row_bytes(arena, rows, row, 10);

	*out = (struct ff_site){
		.site_id = (int32_t)ff_row_i64(rows, row, 0),
		.domain = ff_row_str(rows, row, 2),
		.name = ff_row_str(rows, row, 3),
		.time_zone = ff_row_str(rows, row, 4),
		.default_kind = ff_row_str(rows, row, 5),
		.strict = ff_row_bool(rows, row, 6),
		.exclude = ff_row_str(rows, row, 9),
		.exclude_paths = ff_row_str(rows, row, 11),
		.exclude_hosts = ff_row_str(rows, row, 12),
		.exclude_countries = ff_row_str(rows, row, 13),
		.unique_windows = ff_row_str(rows, row, 14),
		.qualified = ff_row_str(rows, row, 15),
		.items_max = (int32_t)ff_row_i64(rows, row, 16),
		.paths_max = (int32_t)ff_row_i64(rows, row, 17),
		.retention_raw = days_or_default(rows, row, 18),
		.retention_hours = days_or_default(rows, row, 19),
		.retention_days = days_or_default(rows, row, 20),
		.archive = ff_row_bool(rows, row, 21),
		.public_counters = ff_row_bool(rows, row, 22),
		.values_max = (int32_t)ff_row_i64(rows, row, 23),
	};
	if (secret.len == sizeof out->secret)
		memcpy(out->secret, secret.p, sizeof out->secret);
	if (secret.len != sizeof out->secret || !ff_uuid_parse(ff_row_str(rows, row, 1), &out->public_id) ||
	    !ff_privacy_parse(ff_row_str(rows, row, 7), &out->gpc) ||
	    !ff_privacy_parse(ff_row_str(rows, row, 8), &out->dnt)) {
		ff_error("sites", "site %d is stored with values that this version does not know", out->site_id);
		return FF_CORRUPT;
	}
	return FF_OK;
}

enum ff_err
ff_sites_list(struct ff_db *db, struct ff_arena *arena, struct ff_site **sites, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_LIST, NULL, 0, &rows));
	*sites = FF_NEW_N(arena, (size_t)rows.n, struct ff_site);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		FF_TRY(read_site(arena, &rows, i, &(*sites)[i]));
	return FF_OK;
}

enum ff_err
ff_sites_find(struct ff_db *db, struct ff_arena *arena, struct ff_str name, struct ff_site *out)
{
	struct ff_uuid uuid;
	int64_t        id;
	struct ff_arg  args[3];
	struct ff_rows rows;

	if (!ff_utf8_valid(name))
		return FF_NOT_FOUND;
	name = ff_str_trim(name);
	args[0] = ff_arg_str(arena, ff_url_host_bare(arena, name));
	args[1] = ff_uuid_parse(name, &uuid) ? ff_arg_str(arena, name) : ff_arg_null();
	args[2] = ff_num_range(name, 1, INT32_MAX, &id) ? ff_arg_i64(arena, id) : ff_arg_null();
	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_FIND, args, 3, &rows));
	return rows.n == 1 ? read_site(arena, &rows, 0, out) : FF_NOT_FOUND;
}

/* What is left empty takes the default; every text is checked as a later change of it would be. */
static enum ff_err
complete(struct ff_db *db, struct ff_arena *arena, struct ff_site *site, struct ff_fault *fault)
{
	FF_TRY(ff_site_domain_check(arena, &site->domain, fault));
	if (site->name.len == 0)
		site->name = site->domain;
	if (site->time_zone.len == 0)
		site->time_zone = FF_STR("UTC");
	if (site->default_kind.len == 0)
		site->default_kind = FF_STR("item");
	FF_TRY(ff_site_setting_check(db, arena, FF_SITE_NAME, &site->name, fault));
	FF_TRY(ff_site_setting_check(db, arena, FF_SITE_TIME_ZONE, &site->time_zone, fault));
	FF_TRY(ff_site_setting_check(db, arena, FF_SITE_DEFAULT_KIND, &site->default_kind, fault));
	return ff_site_setting_check(db, arena, FF_SITE_EXCLUDE, &site->exclude, fault);
}

enum ff_err
ff_sites_add(struct ff_db *db, struct ff_arena *arena, struct ff_site *site, struct ff_fault *fault)
{
	uint8_t        secret[32];
	char           uuid[37];
	struct ff_arg  args[10];
	struct ff_rows rows;
	enum ff_err    err;

	FF_TRY(complete(db, arena, site, fault));
	ff_random(secret, sizeof secret);
	ff_uuid_print(&site->public_id, uuid);
	args[0] = ff_arg_str(arena, site->domain);
	args[1] = ff_arg_str(arena, site->name);
	args[2] = ff_arg_str(arena, site->time_zone);
	args[3] = ff_arg_str(arena, site->default_kind);
	args[4] = ff_arg_bool(site->strict);
	args[5] = ff_arg_z(ff_privacy_name(site->gpc));
	args[6] = ff_arg_z(ff_privacy_name(site->dnt));
	args[7] = ff_arg_str(arena, site->exclude);
	args[8] = ff_arg_bytes(secret, sizeof secret);
	args[9] = ff_uuid_is_nil(&site->public_id) ? ff_arg_null() : ff_arg_z(uuid);
	err = ff_db_query(db, arena, FF_STMT_SITE_ADD, args, 10, &rows);
	ff_wipe(secret, sizeof secret);
	if (err == FF_CONFLICT)
		return ff_fault_set(fault, FF_CONFLICT, "domain", "is a site already");
	FF_TRY(err);
	site->site_id = (int32_t)ff_row_i64(&rows, 0, 0);
	return ff_uuid_parse(ff_row_str(&rows, 0, 1), &site->public_id) ? FF_OK : FF_CORRUPT;
}

enum ff_err
ff_sites_set(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str key, struct ff_str value,
    struct ff_fault *fault)
{
	enum ff_site_setting setting;
	struct ff_arg        args[1 + FF_SITE_SETTING_COUNT] = { 0 }; /* null: unchanged */
	struct ff_rows       rows;

	FF_TRY(ff_site_setting_find(key, &setting, fault));
	FF_TRY(ff_site_setting_check(db, arena, setting, &value, fault));
	args[0] = ff_arg_i64(arena, site_id);
	args[1 + setting] = ff_arg_str(arena, value);
	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_SET, args, 1 + FF_SITE_SETTING_COUNT, &rows));
	return rows.n == 1 ? FF_OK : ff_fault_set(fault, FF_NOT_FOUND, "site", "there is no such site");
}

enum ff_err
ff_sites_rename(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str *domain, struct ff_fault *fault)
{
	struct ff_arg  args[2];
	struct ff_rows rows;
	enum ff_err    err;

	FF_TRY(ff_site_domain_check(arena, domain, fault));
	args[0] = ff_arg_i64(arena, site_id);
	args[1] = ff_arg_str(arena, *domain);
	err = ff_db_query(db, arena, FF_STMT_SITE_RENAME, args, 2, &rows);
	if (err == FF_CONFLICT)
		return ff_fault_set(fault, err, "domain", "is a site already");
	FF_TRY(err);
	return rows.n == 1 ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_sites_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id)
{
	struct ff_arg  args[1] = { ff_arg_i64(arena, site_id) };
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_REMOVE, args, 1, &rows));
	return rows.n == 1 ? FF_OK : FF_NOT_FOUND;
}

enum ff_err
ff_sites_items(struct ff_db *db, struct ff_arena *arena, struct ff_site_item **items, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_SITE_ITEMS, NULL, 0, &rows));
	*items = FF_NEW_N(arena, (size_t)rows.n, struct ff_site_item);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++)
		(*items)[i] = (struct ff_site_item){ .site_id = (int32_t)ff_row_i64(&rows, i, 0),
			.kind = ff_row_str(&rows, i, 1), .key = ff_row_str(&rows, i, 2) };
	return FF_OK;
}

enum ff_err
ff_sites_keys(struct ff_db *db, struct ff_arena *arena, struct ff_site_key **keys, size_t *n)
{
	struct ff_rows rows;

	FF_TRY(ff_db_query(db, arena, FF_STMT_KEY_LIVE, NULL, 0, &rows));
	*keys = FF_NEW_N(arena, (size_t)rows.n, struct ff_site_key);
	*n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++) {
		struct ff_str hash = ff_row_bytes(arena, &rows, i, 1);

		(*keys)[i] = (struct ff_site_key){ .key_id = ff_row_i64(&rows, i, 0),
			.site_id = (int32_t)ff_row_i64(&rows, i, 2), .scopes = ff_row_str(&rows, i, 3),
			.expires_us = ff_row_null(&rows, i, 4) ? 0 : ff_row_us(&rows, i, 4) };
		memcpy((*keys)[i].hash, hash.p, sizeof (*keys)[i].hash); /* the table holds 32 bytes, checked */
	}
	return FF_OK;
}

enum ff_err
ff_sites_secret_new(struct ff_db *db, struct ff_arena *arena, struct ff_site *site)
{
	struct ff_arg args[2] = { ff_arg_i64(arena, site->site_id), ff_arg_bytes(site->secret, sizeof site->secret) };

	ff_random(site->secret, sizeof site->secret);
	return ff_db_exec(db, FF_STMT_SITE_RENEW, args, 2);
}
