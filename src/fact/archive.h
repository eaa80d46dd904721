/* archive.h - single rows of a site's UTC day in files, before they go, and back again.
 *
 * ROOT/DOMAIN/YYYY-MM-DD holds a day's first part, YYYY-MM-DD.2 and so on rows that came when it was written. In each:
 * event.csv.gz, visit.csv.gz and content_window.csv.gz (RFC 4180 with a header; labels and items as texts, numbers of kinds as
 * in fact/event.h; an empty field is null, "" the empty text), and manifest.json with rows, bytes and SHA-256 of each. A part
 * is written under another name, synced and renamed: what has its name is whole. */
#ifndef FF_FACT_ARCHIVE_H
#define FF_FACT_ARCHIVE_H

#include "base/str.h"
#include "fact/site.h"

struct ff_db;

#define FF_ARCHIVE_VERSION 1

enum ff_archive_table { FF_ARCHIVE_EVENT, FF_ARCHIVE_VISIT, FF_ARCHIVE_WINDOW, FF_ARCHIVE_TABLES };

struct ff_archive_file {
	int64_t rows, bytes;
	char    sha256[65];
};

struct ff_archive {
	const char            *dir; /* of the part */
	struct ff_str          domain;
	int32_t                day, part;
	struct ff_archive_file files[FF_ARCHIVE_TABLES];
};

const char *ff_archive_table_name(enum ff_archive_table table); /* "event" */
const char *ff_archive_file_path(struct ff_arena *arena, const char *dir, enum ff_archive_table table);

/* Writes the rows that are in the tables; none at all: no part (files[].rows all 0). In the caller's transaction. An earlier
 * part of that name is replaced. FF_IO: logged, and nothing has the part's name that is not whole. */
enum ff_err ff_archive_write(struct ff_db *db, struct ff_arena *arena, const char *root, int32_t site_id, struct ff_str domain,
    int32_t day, int32_t part, struct ff_archive *out) ff_must_check;

/* The parts below a directory (a root, a site's, or a part itself), by name. A manifest that is none is said in *damaged (a
 * count) and logged. FF_NOT_FOUND: no such directory. */
enum ff_err ff_archive_list(struct ff_arena *arena, const char *dir, struct ff_archive **out, size_t *n,
    size_t *damaged) ff_must_check;
/* Sizes, checksums and number of rows; FF_CORRUPT: why says of which file. */
enum ff_err ff_archive_verify(struct ff_arena *arena, const struct ff_archive *archive, struct ff_fault *why) ff_must_check;

enum ff_restored { FF_RESTORED, FF_RESTORED_BEFORE };
/* Brings a verified part's rows back for so many seconds, in one transaction of its own, drains waiting; figures stay. Rows of
 * viewers who asked for erasure come back as a stranger's. FF_CONFLICT: the site keeps that day's rows still. FF_CORRUPT. */
enum ff_err ff_archive_restore(struct ff_db *db, const struct ff_archive *archive, int32_t site_id, int32_t raw_from,
    int64_t seconds, enum ff_restored *out, struct ff_fault *why) ff_must_check;

#endif
