#include "base/num.h"
#include "base/utf8.h"
#include "fact/purge.h"

#include <stddef.h>

/* Takes the next condition: up to a space that does not stand in quotes. */
static struct ff_str
next_word(struct ff_str *rest)
{
	struct ff_str word = { rest->p, 0 };
	bool          quoted = false;

	while (word.len < rest->len && (quoted || rest->p[word.len] != ' '))
		quoted ^= rest->p[word.len++] == '"';
	*rest = ff_str_trim(ff_str_from_pos(*rest, word.len));
	return word;
}

static struct ff_str
unquote(struct ff_str value)
{
	if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
		return ff_str_sub(value, 1, value.len - 2);
	return value;
}

/* For LIKE: what is special there stands for itself, * for anything. */
static struct ff_str
pattern(struct ff_arena *arena, struct ff_str text, bool stars)
{
	char  *out = ff_alloc(arena, text.len * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\')
			out[n++] = '\\';
		out[n++] = stars && text.p[i] == '*' ? '%' : text.p[i];
	}
	return ff_str_of(out, n);
}

static enum ff_err
read_number(struct ff_str name, struct ff_str value, struct ff_purge_rule *out, struct ff_fault *fault)
{
	int64_t *number = ff_str_eqz(name, "events") ? &out->events : ff_str_eqz(name, "rate") ? &out->rate : NULL;

	if (number == NULL)
		return ff_fault_set(fault, FF_INVALID, "rule", "knows no \"%.*s>\": events> and rate> are there", FF_STR_ARG(name));
	if (!ff_num_range(value, 1, INT32_MAX, number))
		return ff_fault_set(fault, FF_INVALID, "rule", "wants a whole number from 1 behind \"%.*s>\"", FF_STR_ARG(name));
	return FF_OK;
}

static enum ff_err
read_text(struct ff_arena *arena, struct ff_str name, struct ff_str value, struct ff_purge_rule *out,
    struct ff_fault *fault)
{
	static const struct {
		const char *name;
		size_t      at;
	} texts[] = {
		{ "country", offsetof(struct ff_purge_rule, country) },
		{ "city", offsetof(struct ff_purge_rule, city) },
		{ "browser", offsetof(struct ff_purge_rule, browser) },
		{ "os", offsetof(struct ff_purge_rule, os) },
		{ "language", offsetof(struct ff_purge_rule, language) },
		{ "source", offsetof(struct ff_purge_rule, source) },
		{ "utm_source", offsetof(struct ff_purge_rule, utm_source) },
		{ "referrer", offsetof(struct ff_purge_rule, referrer) },
		{ "page", offsetof(struct ff_purge_rule, page) },
	};

	if (ff_str_eqz(name, "engaged") && ff_str_eqz(value, "0")) {
		out->unengaged = true;
		return FF_OK;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (!ff_str_eqz(name, texts[i].name))
			continue;
		if (ff_str_eqz(name, "page"))
			value = pattern(arena, value, true);
		if (ff_str_eqz(name, "referrer"))
			value = pattern(arena, ff_str_lower(arena, value), false);
		*(struct ff_str *)((char *)out + texts[i].at) = value;
		return FF_OK;
	}
	return ff_fault_set(fault, FF_INVALID, "rule", "knows no \"%.*s=\"; see: footfall help purge",
	    (int)(name.len < 40 ? name.len : 40), name.p);
}

static enum ff_err
read_word(struct ff_arena *arena, struct ff_str word, struct ff_purge_rule *out, struct ff_fault *fault)
{
	size_t        equals = ff_str_find_char(word, '='), more = ff_str_find_char(word, '>');
	size_t        at = equals < more ? equals : more;
	struct ff_str value = unquote(ff_str_from_pos(word, at + 1));

	if (at == word.len || at == 0 || value.len == 0)
		return ff_fault_set(fault, FF_INVALID, "rule", "wants conditions like country=CN or rate>60, not \"%.*s\"",
		    (int)(word.len < 60 ? word.len : 60), word.p);
	if (at == more)
		return read_number(ff_str_sub(word, 0, at), value, out, fault);
	return read_text(arena, ff_str_sub(word, 0, at), value, out, fault);
}

enum ff_err
ff_purge_rule_parse(struct ff_arena *arena, struct ff_str text, struct ff_purge_rule *out, struct ff_fault *fault)
{
	struct ff_str rest = ff_str_trim(text);

	*out = (struct ff_purge_rule){ 0 };
	if (rest.len == 0)
		return ff_fault_set(fault, FF_INVALID, "rule", "is empty");
	if (!ff_utf8_valid(rest))
		return ff_fault_set(fault, FF_INVALID, "rule", "is not valid UTF-8");
	while (rest.len > 0)
		FF_TRY(read_word(arena, next_word(&rest), out, fault));
	return FF_OK;
}
