#include "fact/rules.h"
#include "base/limits.h"
#include "base/num.h"

typedef enum ff_err rule_fn(struct ff_str value, struct ff_rule *rule);

static enum ff_err
window_read(struct ff_str value, struct ff_rule *rule)
{
	int64_t seconds;

	if (!ff_num_duration(value, &seconds) || seconds < 1 || seconds > FF_RULE_WINDOW_S)
		return FF_INVALID;
	rule->window_s = (int32_t)seconds;
	return FF_OK;
}

static enum ff_err
attention_read_one(struct ff_str part, struct ff_rule *rule)
{
	int64_t n;

	if (part.len > 0 && part.p[part.len - 1] == '%') {
		if (rule->percent != 0 || !ff_num_range(ff_str_sub(part, 0, part.len - 1), 1, 100, &n))
			return FF_INVALID;
		rule->percent = (int32_t)n;
		return FF_OK;
	}
	if (rule->seconds != 0 || !ff_num_duration(part, &n) || n < 1 || n > FF_RULE_ATTENTION_S)
		return FF_INVALID;
	rule->seconds = (int32_t)n;
	return FF_OK;
}

static enum ff_err
attention_read(struct ff_str value, struct ff_rule *rule)
{
	do
		FF_TRY(attention_read_one(ff_str_split(&value, ','), rule));
	while (value.p != NULL);
	return FF_OK;
}

static bool
is_known(const struct ff_rules *rules, struct ff_str kind)
{
	for (size_t i = 1; i < rules->n; i++)
		if (ff_str_eq(rules->v[i].kind, kind))
			return true;
	return false;
}

static enum ff_err
part_read(struct ff_str part, struct ff_rules *out, rule_fn *read, const char *field, struct ff_fault *fault)
{
	size_t         eq = ff_str_find_char(part, '=');
	bool           named = eq < part.len;
	struct ff_rule rule = { .kind = named ? ff_str_sub(part, 0, eq) : FF_STR_NONE };

	if (read(named ? ff_str_from_pos(part, eq + 1) : part, &rule) != FF_OK || (named && eq == 0) ||
	    rule.kind.len > FF_ITEM_KIND_MAX)
		return ff_fault_set(fault, FF_INVALID, field, "cannot be read at \"%.*s\"", (int)(part.len > 60 ? 60 : part.len),
		    part.p);
	if (named ? is_known(out, rule.kind) : out->v[0].window_s != 0 || out->v[0].seconds != 0 || out->v[0].percent != 0)
		return ff_fault_set(fault, FF_INVALID, field, "says \"%.*s\", and another for the same kind",
		    (int)(part.len > 60 ? 60 : part.len), part.p);
	if (named && out->n == FF_RULE_KINDS_MAX + 1)
		return ff_fault_set(fault, FF_INVALID, field, "names more than %d kinds", FF_RULE_KINDS_MAX);
	out->v[named ? out->n++ : 0] = rule;
	return FF_OK;
}

static enum ff_err
rules_read(struct ff_str text, struct ff_rules *out, rule_fn *read, const char *field, struct ff_fault *fault)
{
	struct ff_rule *all = &out->v[0];

	*out = (struct ff_rules){ .n = 1 };
	while (text.p != NULL) {
		struct ff_str part = ff_str_split(&text, ' ');

		if (part.len > 0)
			FF_TRY(part_read(part, out, read, field, fault));
	}
	if (all->window_s == 0 && all->seconds == 0 && all->percent == 0)
		return ff_fault_set(fault, FF_INVALID, field, "lacks the value without a kind, for all other kinds");
	return FF_OK;
}

enum ff_err
ff_rules_windows(struct ff_str text, struct ff_rules *out, struct ff_fault *fault)
{
	return rules_read(text, out, window_read, "unique_windows", fault);
}

enum ff_err
ff_rules_qualified(struct ff_str text, struct ff_rules *out, struct ff_fault *fault)
{
	return rules_read(text, out, attention_read, "qualified", fault);
}

const struct ff_rule *
ff_rules_of(const struct ff_rules *rules, struct ff_str kind)
{
	for (size_t i = 1; i < rules->n; i++)
		if (ff_str_eq(rules->v[i].kind, kind))
			return &rules->v[i];
	return &rules->v[0];
}
