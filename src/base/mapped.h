/* mapped.h - a file of fixed size that processes map together and change by atomics.
 *
 * Its first 16 bytes say what it is. It is made whole before it has its name, and by one of them where several begin at
 * once; its blocks are allocated then, because behind a mapping a full disk is a SIGBUS. For what may be lost: a file of
 * another form is replaced, and processes that have that one open go on with it. */
#ifndef FF_BASE_MAPPED_H
#define FF_BASE_MAPPED_H

#include "base/err.h"

#include <stddef.h>

#define FF_MAPPED_MAGIC 16

/* *map: `size` bytes, the magic first, zeros behind it in a new file; given back by munmap. FF_STORAGE: no room for it;
 * FF_IO, FF_CORRUPT: it cannot be made or is taken for something else. errno tells more; the caller logs, for it knows
 * what is missing then. */
enum ff_err ff_mapped_open(const char *path, const char magic[FF_MAPPED_MAGIC], size_t size, int mode, void **map)
	ff_must_check;

#endif
