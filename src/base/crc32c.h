/* crc32c.h - CRC-32C (Castagnoli, as in RFC 3720): what spool segments and snapshots are checked with.
 *
 * Continues from `crc` (0 to start), so that crc(crc(0, a), b) = crc(0, ab). Uses the CPU's instruction where
 * it has one (looked up at run time), a table otherwise; both give the same value. */
#ifndef FF_BASE_CRC32C_H
#define FF_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t ff_crc32c(uint32_t crc, const void *p, size_t len);
uint32_t ff_crc32c_portable(uint32_t crc, const void *p, size_t len); /* by table, whatever the CPU can */

#endif
