/* rules.h - when a view counts as unique and as qualified: a site's settings unique_windows and qualified.
 *
 * "[KIND=]VALUE", separated by spaces; the one without a kind is required and holds for all other kinds of item.
 * unique_windows: a duration, "30m video=24h": a view less than that behind the one that began a window is not unique.
 * At most a day: a visitor's identity lasts no longer.
 * qualified: seconds of attention, percent of the page or medium, or both: "10s,50% video=30s,50%"; one of them is
 * enough. */
#ifndef FF_FACT_RULES_H
#define FF_FACT_RULES_H

#include "base/err.h"
#include "base/str.h"

#define FF_RULE_KINDS_MAX   32
#define FF_RULE_WINDOW_S    86400 /* the longest */
#define FF_RULE_ATTENTION_S 86400

struct ff_rule {
	struct ff_str kind;      /* empty: all others; a slice of the text that was parsed */
	int32_t       window_s;  /* of unique_windows */
	int32_t       seconds;   /* of qualified; 0 = not asked */
	int32_t       percent;   /* 1 to 100; 0 = not asked */
};

struct ff_rules {
	struct ff_rule v[FF_RULE_KINDS_MAX + 1]; /* the one for all others comes first */
	size_t         n;
};

/* FF_INVALID: the fault's field is the setting's name, and it quotes the part that is wrong. */
enum ff_err ff_rules_windows(struct ff_str text, struct ff_rules *out, struct ff_fault *fault) ff_must_check;
enum ff_err ff_rules_qualified(struct ff_str text, struct ff_rules *out, struct ff_fault *fault) ff_must_check;
/* The rule for an item of that kind. */
const struct ff_rule *ff_rules_of(const struct ff_rules *rules, struct ff_str kind);

#endif
