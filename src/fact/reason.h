/* reason.h - why a received event is not in the figures: the one list, with its code for the ledger.
 *
 * received = stored + dropped by reason. Codes are stored (ledger file, database): append, never renumber. Nobody gives
 * SPAM_REFERRER: such views are kept, and marked as a robot's. */
#ifndef FF_FACT_REASON_H
#define FF_FACT_REASON_H

/*    name             code  sentence */
#define FF_REASONS(X)                                                                     \
	X(STORED,           0, "stored")                                                  \
	X(BAD_METHOD,       1, "the method is not allowed")                               \
	X(TOO_LARGE,        2, "the body is larger than the limit")                       \
	X(BAD_ENCODING,     3, "the body is compressed or its length is wrong")           \
	X(NOT_UTF8,         4, "the body is not valid UTF-8 or holds U+0000")             \
	X(NOT_JSON,         5, "the body is not JSON, or too deep or too wide")           \
	X(BAD_FIELD,        6, "a field is missing, mistyped or out of range")            \
	X(UNKNOWN_SITE,     7, "no such site")                                            \
	X(UNKNOWN_ITEM,     8, "no such item on a strict site")                           \
	X(OPT_OUT,          9, "the visitor opted out")                                   \
	X(DNT,             10, "Do Not Track, by the site's policy")                      \
	X(GPC,             11, "Global Privacy Control, by the site's policy")            \
	X(EXCLUDED,        12, "excluded by address, path, host or country")              \
	X(RATE_LIMITED,    13, "over a rate limit")                                       \
	X(UNKNOWN_PATH,    14, "no such endpoint")                                        \
	X(PREFETCH,        15, "a prefetch, not a view")                                  \
	X(STORAGE,         16, "the spool could not take it: answered 503")               \
	X(DUPLICATE,       17, "an event with this id was counted already")               \
	X(POISON,          18, "the database refused it: see the quarantine")             \
	X(SPAM_REFERRER,   19, "referrer spam")                                           \
	X(UNAUTHORIZED,    20, "a key or a viewer's token is missing, wrong or expired")  \
	X(OVER_CAP,        21, "a new item beyond the site's cap: stored without it")     \
	X(ERASED,          22, "of a viewer who asked for erasure: stored without identity")

enum ff_reason {
#define FF_REASON_ENUM(name, code, sentence) FF_REASON_##name = code,
	FF_REASONS(FF_REASON_ENUM)
#undef FF_REASON_ENUM
	FF_REASON_COUNT
};

const char *ff_reason_name(enum ff_reason reason);     /* "unknown_site" */
const char *ff_reason_sentence(enum ff_reason reason);

#endif
