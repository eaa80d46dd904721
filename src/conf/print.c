#include "conf/setting.h"

#include <inttypes.h>
#include <string.h>

struct unit {
	char    letter;
	int64_t size;
};

static const struct unit size_units[] = {
	{ 'T', INT64_C(1) << 40 }, { 'G', 1 << 30 }, { 'M', 1 << 20 }, { 'k', 1 << 10 }, { '\0', 1 }
};
static const struct unit duration_units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

/* In the largest unit that leaves no rest; the last one always does. */
static void
print_with_unit(int64_t n, const struct unit *unit, FILE *out)
{
	while (n % unit->size != 0 || (n == 0 && unit->size > 1))
		unit++;
	fprintf(out, "%" PRId64, n / unit->size);
	if (unit->letter != '\0')
		fputc(unit->letter, out);
}

static void
print_enum(struct ff_str names, int64_t index, FILE *out)
{
	for (int64_t i = 0; i < index; i++)
		ff_str_split(&names, '|');
	names = ff_str_split(&names, '|');
	fprintf(out, "%.*s", FF_STR_ARG(names));
}

static const char *
text_of(const struct ff_setting *setting, const struct ff_conf *conf)
{
	return *(const char *const *)(const void *)((const char *)conf + setting->offset);
}

void
ff_setting_print(const struct ff_setting *setting, const struct ff_conf *conf, FILE *out)
{
	const void *place = (const char *)conf + setting->offset;

	switch (setting->type) {
	case FF_SETTING_TEXT:
	case FF_SETTING_PATH:
	case FF_SETTING_CIDRS:
		fputs(text_of(setting, conf), out);
		break;
	case FF_SETTING_BOOL:
		fputs(*(const bool *)place ? "on" : "off", out);
		break;
	case FF_SETTING_INT:
		fprintf(out, "%" PRId64, *(const int64_t *)place);
		break;
	case FF_SETTING_SIZE:
		print_with_unit(*(const int64_t *)place, size_units, out);
		break;
	case FF_SETTING_DURATION:
		print_with_unit(*(const int64_t *)place, duration_units, out);
		break;
	case FF_SETTING_ENUM:
		print_enum(ff_str_from(setting->range), *(const int64_t *)place, out);
		break;
	}
}

static const char *
text_form(const char *range)
{
	if (strcmp(range, "header") == 0)
		return "name of a header";
	if (strcmp(range, "rate") == 0)
		return "rate or off";
	return strcmp(range, "mount") == 0 ? "URL path or empty" : "text";
}

void
ff_setting_print_range(const struct ff_setting *setting, FILE *out)
{
	switch (setting->type) {
	case FF_SETTING_TEXT:
		fputs(text_form(setting->range), out);
		break;
	case FF_SETTING_PATH:
		fputs(setting->range[0] != '\0' ? "absolute path or empty" : "absolute path", out);
		break;
	case FF_SETTING_CIDRS:
		fputs("addresses, CIDR blocks or unix, parted by commas or spaces", out);
		break;
	case FF_SETTING_BOOL:
		fputs("on|off", out);
		break;
	case FF_SETTING_INT:
		fprintf(out, "number, %s", setting->range);
		break;
	case FF_SETTING_SIZE:
		fprintf(out, "size, %s", setting->range);
		break;
	case FF_SETTING_DURATION:
		fprintf(out, "duration, %s", setting->range);
		break;
	case FF_SETTING_ENUM:
		fputs(setting->range, out);
		break;
	}
}

static bool
is_default(const struct ff_setting *setting, const struct ff_conf *conf)
{
	struct ff_conf plain = { 0 };
	size_t         size = setting->type == FF_SETTING_BOOL ? sizeof(bool) : sizeof(int64_t);

	if (ff_setting_is_text(setting))
		return strcmp(text_of(setting, conf), setting->def) == 0;
	if (ff_setting_set(setting, ff_str_from(setting->def), &plain, NULL) != FF_OK)
		ff_panic("conf: a default in the table is wrong");
	return memcmp((const char *)conf + setting->offset, (const char *)&plain + setting->offset, size) == 0;
}

static void
print_row(const struct ff_setting *s, const struct ff_conf *conf, FILE *out)
{
	fprintf(out, "\n# %s\n# (", s->help);
	ff_setting_print_range(s, out);
	fprintf(out, "; default: %s)\n%s%s =", s->def[0] != '\0' ? s->def : "empty", is_default(s, conf) ? "#" : "",
	    s->key);
	if (!ff_setting_is_text(s) || text_of(s, conf)[0] != '\0')
		fputc(' ', out);
	ff_setting_print(s, conf, out);
	fputc('\n', out);
}

void
ff_conf_print(const struct ff_conf *conf, FILE *out)
{
	fputs("# Settings of Footfall; footfall.conf(5) says more about them. A line that begins with '#' or ';' is a\n"
	      "# comment. Settings at their default are commented out. `footfall config check` reads the file as the\n"
	      "# programs do. Where it holds a password, nobody but the programs may read it (mode 0640).\n",
	    out);
	for (const struct ff_setting *s = ff_settings; s < ff_settings + FF_SETTING_COUNT; s++)
		print_row(s, conf, out);
}
