/* robot_lists.h - robots that their user agent does not tell: networks and referrers, from files of the operator.
 *
 * Both are text: one entry a line, '#' begins a comment, empty lines are nothing. Networks are addresses or CIDR
 * blocks. Referrers are host names, each standing for its subdomains too; a short list of our own comes first
 * (spam.inc). A file is read again when it was replaced. A file with any bad line is refused whole: at the start
 * that is an error, later the old list serves on; the log names file, line and reason.
 * Looked up by binary search, so a list of a hundred thousand costs well under a microsecond. */
#ifndef FF_FACT_ROBOT_LISTS_H
#define FF_FACT_ROBOT_LISTS_H

#include "base/err.h"
#include "fact/net.h"

struct ff_robot_lists;

/* Paths "" or NULL: no such file. FF_NOT_FOUND, FF_IO, FF_TOO_LARGE, FF_INVALID: logged. The paths are kept, not
 * copied. */
enum ff_err ff_robot_lists_open(struct ff_robot_lists **lists, const char *networks, const char *referrers)
	ff_must_check;
void ff_robot_lists_free(struct ff_robot_lists *lists);
/* Looks whether a file was replaced; cheap enough for once a second. */
void ff_robot_lists_refresh(struct ff_robot_lists *lists);
/* Entries in use: ranges of addresses, referrers of the operator. */
struct ff_robot_lists_size {
	size_t networks, referrers;
};

struct ff_robot_lists_size ff_robot_lists_size(const struct ff_robot_lists *lists);
bool ff_robot_lists_network(const struct ff_robot_lists *lists, const struct ff_addr *addr);
/* host: lower case, without "www.". */
bool ff_robot_lists_referrer(const struct ff_robot_lists *lists, struct ff_str host);

/* The lists themselves: parsed text, in an arena. file names the text in the log. */
struct ff_range {
	struct ff_addr first, last;
};

struct ff_ranges {
	struct ff_range *v; /* sorted, apart from each other */
	size_t           n;
};

struct ff_hosts {
	struct ff_str *v; /* sorted by bytes */
	size_t         n;
};

enum ff_err ff_ranges_parse(struct ff_arena *arena, const char *file, struct ff_str text, struct ff_ranges *out)
	ff_must_check;
bool        ff_ranges_match(const struct ff_ranges *ranges, const struct ff_addr *addr);
enum ff_err ff_hosts_parse(struct ff_arena *arena, const char *file, struct ff_str text, struct ff_hosts *out)
	ff_must_check;
/* The host itself or a domain above it. */
bool ff_hosts_match(const struct ff_hosts *hosts, struct ff_str host);
/* Our own list of referrers that are advertisement by false visits. */
bool ff_host_is_spam(struct ff_str host);
const char *const *ff_spam_hosts(size_t *n);

#endif
