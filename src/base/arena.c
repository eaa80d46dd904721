#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ff_arena_block {
	struct ff_arena_block *next;
	size_t                 size, used;
	_Alignas(16) char      data[];
};

struct ff_arena_defer {
	struct ff_arena_defer *next;
	void (*fn)(void *);
	void *ptr;
};

void
ff_arena_init(struct ff_arena *arena)
{
	*arena = (struct ff_arena){ 0 };
}

static void
run_defers(struct ff_arena *arena)
{
	while (arena->defers != NULL) {
		struct ff_arena_defer *d = arena->defers;

		arena->defers = d->next;
		d->fn(d->ptr);
	}
}

void
ff_arena_reset(struct ff_arena *arena)
{
	struct ff_arena_block *b, *next, *keep = NULL;

	run_defers(arena);
	for (b = arena->head; b != NULL; b = next) {
		next = b->next;
		if (keep == NULL && b->size == FF_ARENA_BLOCK)
			keep = b;
		else
			free(b);
	}
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
	arena->head = keep;
	arena->total = 0;
}

void
ff_arena_free(struct ff_arena *arena)
{
	ff_arena_reset(arena);
	free(arena->head);
	arena->head = NULL;
}

/* A large piece gets a block of its own behind the head, so the head's free space stays in use. */
static struct ff_arena_block *
block_add(struct ff_arena *arena, size_t size)
{
	int                    large = size > FF_ARENA_BLOCK / 4;
	size_t                 room = large ? size : FF_ARENA_BLOCK;
	struct ff_arena_block *b = ff_xmalloc(sizeof *b + room);

	b->size = room;
	b->used = 0;
	if (large && arena->head != NULL) {
		b->next = arena->head->next;
		arena->head->next = b;
	} else {
		b->next = arena->head;
		arena->head = b;
	}
	return b;
}

void *
ff_alloc(struct ff_arena *arena, size_t size)
{
	struct ff_arena_block *b = arena->head;
	void                  *p;

	if (size > SIZE_MAX / 2)
		ff_panic("arena: absurd size");
	size = (size + 15) & ~(size_t)15;
	if (b == NULL || b->size - b->used < size)
		b = block_add(arena, size);
	p = b->data + b->used;
	b->used += size;
	arena->total += size;
	return p;
}

void *
ff_zalloc(struct ff_arena *arena, size_t size)
{
	return memset(ff_alloc(arena, size), 0, size);
}

void *
ff_alloc_n(struct ff_arena *arena, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		ff_panic("arena: size overflow");
	return ff_zalloc(arena, total);
}

void
ff_arena_defer(struct ff_arena *arena, void (*fn)(void *), void *ptr)
{
	struct ff_arena_defer *d = ff_alloc(arena, sizeof *d);

	*d = (struct ff_arena_defer){ .next = arena->defers, .fn = fn, .ptr = ptr };
	arena->defers = d;
}

void *
ff_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (p == NULL)
		ff_panic("out of memory");
	return p;
}

void *
ff_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		ff_panic("out of memory");
	return p;
}

void *
ff_xrealloc(void *ptr, size_t size)
{
	void *p = realloc(ptr, size ? size : 1);

	if (p == NULL)
		ff_panic("out of memory");
	return p;
}

char *
ff_xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(ff_xmalloc(n), s, n);
}
