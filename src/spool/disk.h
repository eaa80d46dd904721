/* disk.h - the few ways in which the spool touches files. EINTR and short counts end here; errno tells why. */
#ifndef FF_SPOOL_DISK_H
#define FF_SPOOL_DISK_H

#include "base/err.h"
#include "spool/segment.h"

#include <sys/types.h>

/* What an errno of a failed call means to a writer: FF_STORAGE for want of room, descriptors or rights, which
 * may pass; FF_IO for what says that the device or file is bad. */
enum ff_err ff_disk_err(int errnum);

int     ff_disk_open_dir(const char *dir);                            /* descriptor or -1 */
bool    ff_disk_read(int fd, void *p, size_t len, off_t off, size_t *got); /* short at end of file */
bool    ff_disk_write(int fd, const void *p, size_t len, off_t off);
bool    ff_disk_sync(int fd);      /* fsync */
bool    ff_disk_sync_data(int fd); /* fdatasync */
bool    ff_disk_lock(int fd);      /* exclusive OFD lock, without waiting; EAGAIN or EACCES: somebody has it */
/* Never over another file: EEXIST. */
bool ff_disk_rename(int dirfd, const char *from, const char *to);
/* The name still stands for the open file. */
bool ff_disk_same(int dirfd, const char *name, int fd);

/* Calls fn for each name in the directory until it returns false. false: the directory cannot be read. */
bool ff_disk_list(int dirfd, bool (*fn)(void *ctx, const char *file, const struct ff_segment_name *name), void *ctx);
/* Bytes of all segments in the directory: open, sealed, abandoned, spare and coming. */
bool ff_disk_bytes(int dirfd, uint64_t *bytes);

#endif
