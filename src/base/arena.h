/* arena.h - memory of one request (or one batch): allocate freely, free never, reset once.
 *
 * Nothing allocated here is freed by hand, so an early return is always right. Things that are not
 * plain memory (a PGresult, a file) are registered with ff_arena_defer and released by the reset, in
 * reverse order. Allocation never fails: no memory is a panic. Not thread-safe: one thread, one arena. */
#ifndef FF_BASE_ARENA_H
#define FF_BASE_ARENA_H

#include <stddef.h>

struct ff_arena_block;
struct ff_arena_defer;

struct ff_arena {
	struct ff_arena_block *head;
	struct ff_arena_defer *defers;
	size_t                 total; /* bytes handed out since the last reset */
};

void  ff_arena_init(struct ff_arena *arena);
void  ff_arena_reset(struct ff_arena *arena); /* keeps one block of FF_ARENA_BLOCK */
void  ff_arena_free(struct ff_arena *arena);
void *ff_alloc(struct ff_arena *arena, size_t size);              /* aligned to 16, not cleared */
void *ff_zalloc(struct ff_arena *arena, size_t size);             /* cleared */
void *ff_alloc_n(struct ff_arena *arena, size_t n, size_t size);  /* cleared; overflow is a panic */
void  ff_arena_defer(struct ff_arena *arena, void (*fn)(void *), void *ptr);

#define FF_NEW(arena, type)      ((type *)ff_zalloc((arena), sizeof(type)))
#define FF_NEW_N(arena, n, type) ((type *)ff_alloc_n((arena), (n), sizeof(type)))

/* For what outlives requests (program state): malloc and realloc that panic instead of failing. */
void *ff_xmalloc(size_t size);
void *ff_xcalloc(size_t n, size_t size);
void *ff_xrealloc(void *ptr, size_t size);
char *ff_xstrdup(const char *s);

#endif
