#include "fact/stamp.h"

bool
ff_stamp_read(const char *path, struct ff_stamp *out)
{
	struct stat st;

	*out = (struct ff_stamp){ 0 };
	if (stat(path, &st) != 0)
		return false;
	*out = (struct ff_stamp){ .dev = st.st_dev, .ino = st.st_ino, .size = st.st_size, .mtime = st.st_mtim };
	return true;
}

bool
ff_stamp_same(const struct ff_stamp *a, const struct ff_stamp *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size && a->mtime.tv_sec == b->mtime.tv_sec
	       && a->mtime.tv_nsec == b->mtime.tv_nsec;
}
