/* stamp.h - what tells one state of a file from the next, for files that are read again when they were replaced. */
#ifndef FF_FACT_STAMP_H
#define FF_FACT_STAMP_H

#include <stdbool.h>
#include <sys/stat.h>

struct ff_stamp {
	dev_t           dev;
	ino_t           ino;
	off_t           size;
	struct timespec mtime;
};

/* False: the file is not there; *out is then all zero. */
bool ff_stamp_read(const char *path, struct ff_stamp *out);
bool ff_stamp_same(const struct ff_stamp *a, const struct ff_stamp *b);

#endif
