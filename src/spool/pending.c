#include "spool/pending.h"

#include <stdlib.h>

size_t
ff_records_size(const struct ff_spool_record *records, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += ff_record_size(records[i].payload.len);
	return size;
}

void
ff_pending_init(struct ff_pending *pending)
{
	*pending = (struct ff_pending){ .v = NULL };
	ff_arena_init(&pending->arena);
}

void
ff_pending_free(struct ff_pending *pending)
{
	ff_arena_free(&pending->arena);
	free(pending->v);
}

void
ff_pending_add(struct ff_pending *pending, const struct ff_spool_record *records, size_t n)
{
	if (pending->n + n > pending->cap) {
		pending->cap = (pending->n + n) * 2;
		pending->v = ff_xrealloc(pending->v, pending->cap * sizeof *pending->v);
	}
	for (size_t i = 0; i < n; i++) {
		struct ff_spool_record *copy = &pending->v[pending->n++];

		*copy = records[i];
		copy->payload = ff_str_dup(&pending->arena, records[i].payload);
	}
	pending->bytes += ff_records_size(records, n);
}

void
ff_pending_clear(struct ff_pending *pending)
{
	ff_arena_reset(&pending->arena);
	pending->n = pending->bytes = 0;
}
