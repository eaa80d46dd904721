/* lab.h - numbered records whose content follows from their number, and counts of what a spool gives back. */
#ifndef FF_TESTS_SPOOL_LAB_H
#define FF_TESTS_SPOOL_LAB_H

#include "spool/spool.h"

/* The environment sets this variable to something: FF_LONG, FF_TEST_SHORT. */
bool lab_asked(const char *variable);

#define LAB_MAX 65536
#define LAB_PAYLOAD 1500

struct lab_counts {
	unsigned char seen[LAB_MAX]; /* how often each number was read, at most 255 */
	unsigned      records, wrong; /* wrong: content or number that was never written */
	unsigned      segments, complete;
};

/* A fresh directory below /tmp, or in memory where syncs are not the point; lab_remove takes it away with all
 * that is in it. */
void lab_make(char dir[64]);
void lab_make_in_memory(char dir[64]);
void lab_remove(const char *dir);

void lab_record(uint32_t number, struct ff_spool_record *record, char payload[LAB_PAYLOAD]);
struct ff_spool_options lab_options(const char *dir);
/* Appends records [first, first + n) as one group. */
enum ff_err lab_append(struct ff_spool_writer *writer, uint32_t first, uint32_t n) ff_must_check;
/* Reads every segment from its beginning; retires the complete ones if asked. */
enum ff_err lab_read(const char *dir, bool retire, struct lab_counts *counts) ff_must_check;
/* Number of files whose name ends so. */
unsigned lab_files(const char *dir, const char *suffix);
/* Path of the n-th such file in order of names; false if there is none. */
bool lab_file(const char *dir, const char *suffix, unsigned n, char path[512]);

#endif
