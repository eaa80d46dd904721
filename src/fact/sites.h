/* sites.h - sites in the database: list, find, add, change. What other processes need travels as struct ff_site. */
#ifndef FF_FACT_SITES_H
#define FF_FACT_SITES_H

#include "fact/site.h"

struct ff_db;

enum ff_err ff_sites_list(struct ff_db *db, struct ff_arena *arena, struct ff_site **sites, size_t *n) ff_must_check;
/* By domain, public id or (digits) site_id. FF_NOT_FOUND. */
enum ff_err ff_sites_find(struct ff_db *db, struct ff_arena *arena, struct ff_str name,
    struct ff_site *out) ff_must_check;
/* Checks domain and zone (FF_INVALID, field in fault), makes the secret; FF_CONFLICT if the domain is taken. */
enum ff_err ff_sites_add(struct ff_db *db, struct ff_arena *arena, struct ff_site *site,
    struct ff_fault *fault) ff_must_check;
/* One setting by its column name: those of enum ff_site_setting (sites_check.h). FF_INVALID. */
enum ff_err ff_sites_set(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str key,
    struct ff_str value, struct ff_fault *fault) ff_must_check;
/* *domain becomes what is stored. The old one is unknown from the next snapshot on. FF_INVALID, FF_CONFLICT (domain),
 * FF_NOT_FOUND. */
enum ff_err ff_sites_rename(struct ff_db *db, struct ff_arena *arena, int32_t site_id, struct ff_str *domain,
    struct ff_fault *fault) ff_must_check;
/* With its settings, items, goals, keys and links; the figures go by and by (cron's task "sweep"). FF_NOT_FOUND. */
enum ff_err ff_sites_remove(struct ff_db *db, struct ff_arena *arena, int32_t site_id) ff_must_check;
/* Items of strict sites, for the snapshot. */
enum ff_err ff_sites_items(struct ff_db *db, struct ff_arena *arena, struct ff_site_item **items,
    size_t *n) ff_must_check;

/* The API keys that are good now, for the snapshot. */
enum ff_err ff_sites_keys(struct ff_db *db, struct ff_arena *arena, struct ff_site_key **keys, size_t *n) ff_must_check;
/* A new secret, also in *site: the viewers' pseudonyms change, and tokens minted with the old one are refused. */
enum ff_err ff_sites_secret_new(struct ff_db *db, struct ff_arena *arena, struct ff_site *site) ff_must_check;

#endif
