#include "tests/lib/unit.h"

/* The table, etc/footfall.conf and footfall.conf(5) say the same of every setting. */

#include "base/io.h"
#include "conf/setting.h"

#include <stdio.h>
#include <stdlib.h>

/* The paths that the sample and the manual show where configure decides. */
#define SHOWN_STATEDIR "/var/lib/footfall"
#define SHOWN_DATADIR  "/usr/share/footfall"

static struct ff_arena arena;

static int
setup(void **state)
{
	(void)state;
	ff_arena_init(&arena);
	for (size_t i = 0; i < FF_SETTING_COUNT; i++) {
		char name[64] = "FOOTFALL_";

		for (size_t c = 0; ff_settings[i].key[c] != '\0'; c++)
			name[9 + c] = (char)(ff_settings[i].key[c] == '.' ? '_' : ff_settings[i].key[c] & 0x5f);
		unsetenv(name);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ff_arena_free(&arena);
	return 0;
}

static struct ff_str
source_file(const char *name)
{
	const char   *top = getenv("FF_SRCDIR");
	struct ff_str path = ff_str_printf(&arena, "%s/%s", top != NULL ? top : ".", name), text;

	assert_ok(ff_io_read_file(&arena, path.p, 1 << 20, &text));
	return text;
}

static const char *
shown_default(const struct ff_setting *setting)
{
	if (setting->offset == offsetof(struct ff_conf, state_dir))
		return SHOWN_STATEDIR;
	if (setting->offset == offsetof(struct ff_conf, data_dir))
		return SHOWN_DATADIR;
	return setting->def[0] != '\0' ? setting->def : "empty";
}

static struct ff_str
range_of(const struct ff_setting *setting)
{
	char         *text;
	size_t        len;
	FILE         *out = open_memstream(&text, &len);
	struct ff_str range;

	ff_setting_print_range(setting, out);
	fclose(out);
	range = ff_str_dup(&arena, ff_str_of(text, len));
	free(text);
	return range;
}

static void
the_sample_is_what_the_defaults_print(void **state)
{
	struct ff_conf conf = { 0 };
	char          *text;
	size_t         len;
	FILE          *out = open_memstream(&text, &len);

	(void)state;
	for (size_t i = 0; i < FF_SETTING_COUNT; i++)
		assert_ok(ff_setting_set(&ff_settings[i], ff_str_from(ff_settings[i].def), &conf, NULL));
	ff_conf_print(&conf, out);
	fclose(out);
	ff_conf_free(&conf);
	for (struct ff_str rest = ff_str_of(text, len), shown = source_file("etc/footfall.conf"); rest.p || shown.p;) {
		struct ff_str line = ff_str_split(&rest, '\n'), other = ff_str_split(&shown, '\n');
		bool          paths = ff_str_find(line, FF_STR(FF_STATEDIR)) < line.len ||
		             ff_str_find(line, FF_STR(FF_DATADIR)) < line.len;

		if (!paths)
			assert_string_equal(ff_str_z(&arena, line), ff_str_z(&arena, other));
		else
			assert_true(ff_str_find(other, FF_STR(SHOWN_STATEDIR)) < other.len ||
			            ff_str_find(other, FF_STR(SHOWN_DATADIR)) < other.len);
	}
	free(text);
}

static void
the_sample_can_be_read(void **state)
{
	const char    *top = getenv("FF_SRCDIR");
	struct ff_conf conf;

	(void)state;
	assert_ok(ff_conf_read(ff_str_printf(&arena, "%s/etc/footfall.conf", top != NULL ? top : ".").p, &conf, stderr));
	ff_conf_free(&conf);
}

static void
every_default_is_written_as_it_prints(void **state)
{
	(void)state;
	for (size_t i = 0; i < FF_SETTING_COUNT; i++) {
		const struct ff_setting *s = &ff_settings[i];
		struct ff_conf           conf = { 0 };
		char                    *text;
		size_t                   len;
		FILE                    *out = open_memstream(&text, &len);

		assert_ok(ff_setting_set(s, ff_str_from(s->def), &conf, NULL));
		ff_setting_print(s, &conf, out);
		fclose(out);
		assert_string_equal(text, s->def);
		assert_true(ff_setting_find(ff_str_from(s->key)) == s);
		free(text);
		ff_setting_clear(s, &conf);
	}
}

/* ".It Ic KEY", the help in the words of the table, then the line "(RANGE; default: DEFAULT)". */
static void
the_manual_has_every_setting(void **state)
{
	struct ff_str manual = source_file("man/footfall.conf.5");

	(void)state;
	for (size_t i = 0; i < FF_SETTING_COUNT; i++) {
		const struct ff_setting *s = &ff_settings[i];
		struct ff_str            row = ff_str_printf(&arena, "\n.It Ic %s\n%s.\n(%s; default: %s)\n", s->key,
		               s->help, range_of(s).p, shown_default(s));

		if (ff_str_find(manual, row) == manual.len)
			fail_msg("footfall.conf(5) lacks, in these words:%s", row.p);
	}
}

static void
the_manual_has_no_other_setting(void **state)
{
	struct ff_str rest = source_file("man/footfall.conf.5");

	(void)state;
	while (rest.p != NULL) {
		struct ff_str line = ff_str_split(&rest, '\n');

		if (ff_str_starts(line, FF_STR(".It Ic ")))
			assert_non_null(ff_setting_find(ff_str_from_pos(line, 7)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_is_what_the_defaults_print),
		cmocka_unit_test(the_sample_can_be_read),
		cmocka_unit_test(every_default_is_written_as_it_prints),
		cmocka_unit_test(the_manual_has_every_setting),
		cmocka_unit_test(the_manual_has_no_other_setting),
	};

	return cmocka_run_group_tests_name("conf docs", tests, setup, teardown);
}
