/* io.h - whole files and whole writes. EINTR and short counts are handled here once. */
#ifndef FF_BASE_IO_H
#define FF_BASE_IO_H

#include "base/buf.h"

/* Reads the whole file; FF_NOT_FOUND, FF_TOO_LARGE beyond max, FF_IO. NUL-terminated behind the slice. */
enum ff_err ff_io_read_file(struct ff_arena *arena, const char *path, size_t max, struct ff_str *out) ff_must_check;
enum ff_err ff_io_write_all(int fd, const void *p, size_t len) ff_must_check; /* FF_IO, errno kept */
/* Writes path whole or not at all: temporary file beside it, fsync, rename, fsync of the directory. */
enum ff_err ff_io_replace_file(const char *path, struct ff_str content, int mode) ff_must_check;
enum ff_err ff_io_sync_dir(const char *dir) ff_must_check;
enum ff_err ff_io_make_dir(const char *path, int mode) ff_must_check; /* with parents; exists = FF_OK */

#endif
