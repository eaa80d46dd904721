/* trace.h - what preload.c writes down: one trace_op a change, its `len` bytes behind it. */
#ifndef FF_TESTS_FAULT_TRACE_H
#define FF_TESTS_FAULT_TRACE_H

#include <stdint.h>

enum trace_kind {
	TRACE_OPEN,     /* name, ino: a file of the directory was opened, perhaps created */
	TRACE_WRITE,    /* ino, off, bytes */
	TRACE_SYNC,     /* ino: fsync or fdatasync came back without an error */
	TRACE_SYNC_DIR,
	TRACE_RENAME,   /* name, to */
	TRACE_UNLINK,   /* name */
	TRACE_ACK,      /* bytes: written to the ledger */
};

struct trace_op {
	uint64_t ino;
	int64_t  off;
	uint32_t kind, len;
	char     name[104], to[104];
};

#endif
