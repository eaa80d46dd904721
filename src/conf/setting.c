#include "conf/setting.h"
#include "base/num.h"
#include "base/rate.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* With its key it still fits a line of the file (conf.c), so that what is printed reads back. */
#define TEXT_MAX 900

const struct ff_setting ff_settings[FF_SETTING_COUNT] = {
#define FF_SETTING_ROW(field, key, type, def, range, help) \
	{ key, def, range, help, FF_SETTING_##type, offsetof(struct ff_conf, field) },
	FF_SETTINGS(FF_SETTING_ROW)
#undef FF_SETTING_ROW
};

const struct ff_setting *
ff_setting_find(struct ff_str key)
{
	for (size_t i = 0; i < FF_SETTING_COUNT; i++)
		if (ff_str_eqz(key, ff_settings[i].key))
			return &ff_settings[i];
	return NULL;
}

static void *
place_of(const struct ff_setting *setting, struct ff_conf *conf)
{
	return (char *)conf + setting->offset;
}

bool
ff_setting_is_text(const struct ff_setting *setting)
{
	return setting->type == FF_SETTING_TEXT || setting->type == FF_SETTING_PATH || setting->type == FF_SETTING_CIDRS;
}

#define refuse(fault, ...) ff_fault_set(fault, FF_INVALID, "", __VA_ARGS__)

static bool
only_of(struct ff_str s, const char *marks)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i], lower = (char)(c | 0x20);

		if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && strchr(marks, c) == NULL)
			return false;
	}
	return true;
}

static enum ff_err
check_form(const char *form, struct ff_str text, struct ff_fault *fault)
{
	struct ff_rate rate;

	if (strcmp(form, "header") == 0 && (text.len == 0 || !only_of(text, "-")))
		return refuse(fault, "must be the name of a header: letters, digits and '-'");
	if (strcmp(form, "rate") == 0 && !ff_rate_parse(text, &rate))
		return refuse(fault, "must be a rate like \"20/s burst 200\" (/s, /m or /h), or off");
	if (strcmp(form, "mount") != 0 || text.len == 0)
		return FF_OK;
	if (text.p[0] != '/' || ff_str_ends(text, FF_STR("/")) || ff_str_find(text, FF_STR("//")) < text.len ||
	    !only_of(text, "/-._~"))
		return refuse(fault, "must be a URL path like /admin, without a slash at its end, or empty");
	return FF_OK;
}

static enum ff_err
check_path(const char *range, struct ff_str text, struct ff_fault *fault)
{
	if (text.len == 0 && range[0] == '\0')
		return refuse(fault, "must not be empty");
	if (text.len > 0 && text.p[0] != '/')
		return refuse(fault, "must be an absolute path");
	return FF_OK;
}

static bool
cidr_ok(struct ff_str part)
{
	struct ff_str   rest = part, text = ff_str_split(&rest, '/');
	bool            v4 = ff_str_find_char(text, ':') == text.len;
	char            z[INET6_ADDRSTRLEN];
	struct in6_addr address;
	uint64_t        bits = 0;

	if (ff_str_eqz(part, "unix"))
		return true;
	if (text.len >= sizeof z || (rest.p != NULL && (!ff_num_u64(rest, &bits) || bits > (v4 ? 32 : 128))))
		return false;
	memcpy(z, text.p, text.len);
	z[text.len] = '\0';
	return inet_pton(v4 ? AF_INET : AF_INET6, z, &address) == 1;
}

/* Commas and spaces part the blocks, as in fact/net.h, which this floor may not include. */
static enum ff_err
check_cidrs(struct ff_str list, struct ff_fault *fault)
{
	while (list.p != NULL) {
		struct ff_str words = ff_str_split(&list, ',');

		while (words.p != NULL) {
			struct ff_str part = ff_str_trim(ff_str_split(&words, ' '));

			if (part.len > 0 && !cidr_ok(part))
				return refuse(fault, "\"%.*s\" is no address, CIDR block or \"unix\"",
				    FF_STR_ARG(ff_utf8_cut(part, 80)));
		}
	}
	return FF_OK;
}

static enum ff_err
set_text(const struct ff_setting *setting, struct ff_str text, const char **place, struct ff_fault *fault)
{
	char *copy;

	if (text.len > TEXT_MAX)
		return refuse(fault, "is longer than %d bytes", TEXT_MAX);
	if (!ff_utf8_valid(text))
		return refuse(fault, "is not valid UTF-8");
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return refuse(fault, "holds a control character");
	if (setting->type == FF_SETTING_TEXT)
		FF_TRY(check_form(setting->range, text, fault));
	else if (setting->type == FF_SETTING_PATH)
		FF_TRY(check_path(setting->range, text, fault));
	else
		FF_TRY(check_cidrs(text, fault));
	copy = ff_xcalloc(text.len + 1, 1);
	if (text.len > 0)
		memcpy(copy, text.p, text.len);
	free((void *)(uintptr_t)*place);
	*place = copy;
	return FF_OK;
}

static bool
number(enum ff_setting_type type, struct ff_str text, int64_t *out)
{
	uint64_t bytes;

	if (type == FF_SETTING_INT)
		return ff_num_i64(text, out);
	if (type == FF_SETTING_DURATION)
		return ff_num_duration(text, out);
	if (!ff_num_size(text, &bytes) || bytes > INT64_MAX)
		return false;
	*out = (int64_t)bytes;
	return true;
}

static enum ff_err
set_number(const struct ff_setting *setting, struct ff_str text, int64_t *place, struct ff_fault *fault)
{
	struct ff_str range = ff_str_from(setting->range);
	size_t        dots = ff_str_find(range, FF_STR(".."));
	int64_t       value, low, high;

	if (!number(setting->type, ff_str_sub(range, 0, dots), &low) ||
	    !number(setting->type, ff_str_from_pos(range, dots + 2), &high))
		ff_panic("conf: a range in the table is wrong");
	if (!number(setting->type, text, &value))
		return setting->type == FF_SETTING_INT ? refuse(fault, "must be a whole number")
		     : setting->type == FF_SETTING_SIZE
		     ? refuse(fault, "must be a size: a whole number and k, M, G or T")
		     : refuse(fault, "must be a duration: a whole number and s, m, h, d or w");
	if (value < low || value > high)
		return refuse(fault, "must be within %s", setting->range);
	*place = value;
	return FF_OK;
}

static enum ff_err
set_enum(const struct ff_setting *setting, struct ff_str text, int64_t *place, struct ff_fault *fault)
{
	struct ff_str names = ff_str_from(setting->range);

	for (int64_t i = 0; names.p != NULL; i++)
		if (ff_str_eq(ff_str_split(&names, '|'), text)) {
			*place = i;
			return FF_OK;
		}
	return refuse(fault, "must be one of %s", setting->range);
}

static enum ff_err
set_bool(struct ff_str text, bool *place, struct ff_fault *fault)
{
	if (!ff_str_eqz(text, "on") && !ff_str_eqz(text, "off"))
		return refuse(fault, "must be on or off");
	*place = ff_str_eqz(text, "on");
	return FF_OK;
}

enum ff_err
ff_setting_set(const struct ff_setting *setting, struct ff_str text, struct ff_conf *conf, struct ff_fault *fault)
{
	void *place = place_of(setting, conf);

	if (ff_setting_is_text(setting))
		return set_text(setting, text, place, fault);
	if (setting->type == FF_SETTING_BOOL)
		return set_bool(text, place, fault);
	if (setting->type == FF_SETTING_ENUM)
		return set_enum(setting, text, place, fault);
	return set_number(setting, text, place, fault);
}

void
ff_setting_clear(const struct ff_setting *setting, struct ff_conf *conf)
{
	const char **place;

	if (!ff_setting_is_text(setting))
		return;
	place = place_of(setting, conf);
	free((void *)(uintptr_t)*place);
	*place = NULL;
}
