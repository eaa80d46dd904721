#include "spool/segment.h"

#include "base/crc32c.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEADER_MAGIC UINT32_C(0x53504646) /* "FFPS" */
#define FOOTER_MAGIC UINT32_C(0x45504646)
#define RECORD_MAGIC 0xf5
#define RECORD_EVENT 1
#define VERSION 1

_Static_assert(sizeof(struct ff_segment_header) == FF_SEGMENT_HEADER, "layout of the segment's header");
_Static_assert(sizeof(struct ff_segment_footer) == FF_SEGMENT_FOOTER, "layout of the segment's footer");
_Static_assert(sizeof(struct ff_record_header) == FF_RECORD_HEADER, "layout of the record's header");
_Static_assert(FF_SEGMENT_MIN >= FF_SEGMENT_HEADER + FF_SEGMENT_FOOTER + FF_RECORD_MAX, "a record fits a segment");

uint32_t
ff_segment_seed(const struct ff_uuid *uuid)
{
	return ff_crc32c(0, uuid, sizeof *uuid);
}

static uint32_t
seed_at(uint32_t seed, uint32_t off)
{
	return ff_crc32c(seed, &off, sizeof off);
}

/* ---- header and footer ---- */

static uint32_t
header_crc(const struct ff_segment_header *header)
{
	return ff_crc32c(0, header, offsetof(struct ff_segment_header, crc));
}

void
ff_segment_header_seal(struct ff_segment_header *header)
{
	header->magic = HEADER_MAGIC;
	header->version = VERSION;
	header->crc = header_crc(header);
}

bool
ff_segment_header_valid(const struct ff_segment_header *header)
{
	return header->magic == HEADER_MAGIC && header->version == VERSION && header->crc == header_crc(header)
	    && header->size >= FF_SEGMENT_MIN && header->size <= FF_SEGMENT_MAX;
}

static uint32_t
footer_crc(const struct ff_segment_footer *footer, uint32_t size)
{
	uint32_t seed = seed_at(ff_segment_seed(&footer->uuid), size - FF_SEGMENT_FOOTER);

	return ff_crc32c(seed, footer, offsetof(struct ff_segment_footer, crc));
}

void
ff_segment_footer_seal(struct ff_segment_footer *footer, uint32_t size)
{
	footer->magic = FOOTER_MAGIC;
	footer->crc = footer_crc(footer, size);
}

bool
ff_segment_footer_valid(const struct ff_segment_footer *footer, uint32_t size, const struct ff_uuid *uuid)
{
	return footer->magic == FOOTER_MAGIC && footer->crc == footer_crc(footer, size)
	    && (uuid == NULL || memcmp(uuid, &footer->uuid, sizeof *uuid) == 0) && footer->end >= FF_SEGMENT_HEADER
	    && footer->end <= size - FF_SEGMENT_FOOTER;
}

/* ---- records ---- */

size_t
ff_record_size(size_t payload)
{
	return (FF_RECORD_HEADER + payload + 7) & ~(size_t)7;
}

void
ff_record_put(char *out, const struct ff_spool_record *record, uint32_t seed, uint32_t off, uint32_t seq)
{
	size_t                  size = ff_record_size(record->payload.len);
	struct ff_record_header h = {
		.magic = RECORD_MAGIC, .type = RECORD_EVENT, .len = (uint16_t)record->payload.len, .seq = seq,
		.received_us = record->received_us, .event_id = record->event_id,
	};

	seed = seed_at(seed, off);
	h.payload_crc = ff_crc32c(seed, record->payload.p, record->payload.len);
	h.crc = ff_crc32c(seed, &h, sizeof h);
	memcpy(out, &h, sizeof h);
	if (record->payload.len > 0)
		memcpy(out + sizeof h, record->payload.p, record->payload.len);
	memset(out + sizeof h + record->payload.len, 0, size - sizeof h - record->payload.len);
}

bool
ff_record_header_valid(const char *p, size_t avail, uint32_t seed, uint32_t off, struct ff_record_header *out)
{
	struct ff_record_header h;
	uint32_t                crc;

	if (avail < sizeof h || (uint8_t)p[0] != RECORD_MAGIC)
		return false;
	memcpy(&h, p, sizeof h);
	*out = h;
	crc = h.crc;
	h.crc = 0;
	return h.type == RECORD_EVENT && ff_record_size(h.len) <= FF_RECORD_MAX
	    && crc == ff_crc32c(seed_at(seed, off), &h, sizeof h);
}

bool
ff_record_valid(const char *p, size_t avail, uint32_t seed, uint32_t off)
{
	struct ff_record_header h;

	return ff_record_header_valid(p, avail, seed, off, &h) && ff_record_size(h.len) <= avail
	    && h.payload_crc == ff_crc32c(seed_at(seed, off), p + sizeof h, h.len);
}

uint32_t
ff_record_search(const char *map, uint32_t from, uint32_t end, uint32_t seed)
{
	for (from = (from + 7) & ~UINT32_C(7); from < end; from += 8)
		if (ff_record_valid(map + from, end - from, seed, from))
			return from;
	return end;
}

/* ---- names ---- */

static const char *const suffixes[] = {
	[FF_SEGMENT_OTHER] = "",         [FF_SEGMENT_OPEN] = ".open", [FF_SEGMENT_SEALED] = ".seg", [FF_SEGMENT_CUT] = ".cut",
	[FF_SEGMENT_SPARE] = ".spare",   [FF_SEGMENT_NEW] = ".new",   [FF_SEGMENT_MARK] = ".mark",
};

static bool
hex8(const char *p, uint32_t *out)
{
	static const char digits[] = "0123456789abcdef";

	*out = 0;
	for (int i = 0; i < 8; i++) {
		const char *digit = memchr(digits, p[i], 16);

		if (digit == NULL)
			return false;
		*out = *out << 4 | (uint32_t)(digit - digits);
	}
	return true;
}

/* "BASE.0001f0c8": takes the last nine characters away. */
static bool
cut_split(struct ff_segment_name *name)
{
	size_t len = strlen(name->base);

	if (len < 10 || name->base[len - 9] != '.' || !hex8(name->base + len - 8, &name->cut_end))
		return false;
	name->base[len - 9] = '\0';
	return true;
}

void
ff_segment_name_parse(const char *file, struct ff_segment_name *out)
{
	const char *dot = strrchr(file, '.');
	size_t      len = dot != NULL ? (size_t)(dot - file) : 0;

	memset(out, 0, sizeof *out);
	if (len == 0 || len >= sizeof out->base)
		return;
	for (int kind = FF_SEGMENT_OPEN; kind <= FF_SEGMENT_MARK; kind++)
		if (strcmp(dot, suffixes[kind]) == 0)
			out->kind = (enum ff_segment_kind)kind;
	memcpy(out->base, file, len);
	if (out->kind == FF_SEGMENT_CUT && !cut_split(out))
		out->kind = FF_SEGMENT_OTHER;
}

void
ff_segment_name_print(const char *base, enum ff_segment_kind kind, uint32_t cut_end, char out[FF_SEGMENT_NAME])
{
	if (kind == FF_SEGMENT_CUT)
		snprintf(out, FF_SEGMENT_NAME, "%s.%08" PRIx32 ".cut", base, cut_end);
	else
		snprintf(out, FF_SEGMENT_NAME, "%s%s", base, suffixes[kind]);
}
