/* archive_inside.h - columns of the files, and rows out of a file. For fact/archive*.c alone. */
#ifndef FF_FACT_ARCHIVE_INSIDE_H
#define FF_FACT_ARCHIVE_INSIDE_H

#include "base/buf.h"
#include "fact/archive.h"
#include "store/stmts.h"

#include <zlib.h>

#define FF_ARCHIVE_COLUMNS_MAX 40

struct ff_archive_shape {
	const char        *name;
	enum ff_stmt       open, restore;
	const char *const *columns; /* as the statement has them; NULL behind the last */
	const char *const *labels;  /* those that are labels */
};

extern const struct ff_archive_shape ff_archive_shapes[FF_ARCHIVE_TABLES];

/* Cells are slices into buf until the next row; a null one has no p. */
struct ff_archive_reader {
	gzFile        gz;
	char          block[65536];
	size_t        at, len;
	struct ff_buf buf;
	size_t        ends[FF_ARCHIVE_COLUMNS_MAX];
	bool          null[FF_ARCHIVE_COLUMNS_MAX];
	size_t        n;
};

enum ff_err   ff_archive_reader_open(struct ff_archive_reader *r, const char *path) ff_must_check; /* FF_IO */
enum ff_err   ff_archive_reader_next(struct ff_archive_reader *r) ff_must_check; /* FF_END; FF_CORRUPT */
struct ff_str ff_archive_reader_cell(const struct ff_archive_reader *r, size_t i);
void          ff_archive_reader_close(struct ff_archive_reader *r);

/* manifest.json */
enum ff_err ff_archive_manifest_write(const struct ff_archive *archive, const char *path) ff_must_check;
enum ff_err ff_archive_manifest_read(struct ff_arena *arena, const char *dir,
    struct ff_archive *out) ff_must_check; /* FF_NOT_FOUND, FF_CORRUPT */
/* Bytes and SHA-256 of a file. */
enum ff_err ff_archive_sum(const char *path, struct ff_archive_file *file) ff_must_check;

#endif
