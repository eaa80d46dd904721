/* footfall geo build: a country database out of free text data. */
#include "base/day.h"
#include "base/io.h"
#include "fact/geo_write.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define SOURCE_MAX (512 * 1024 * 1024)
#define RESULT_MAX (512 * 1024 * 1024)

/* "# License:   CC BY-SA 4.0" -> "CC BY-SA 4.0": whoever gave the data asks to be named. */
static struct ff_str
said(struct ff_str text, const char *word)
{
	struct ff_str head = ff_str_sub(text, 0, 4096), mark = ff_str_from(word);
	size_t        at = ff_str_find(head, mark);

	head = ff_str_from_pos(head, at + mark.len);
	return ff_str_trim(ff_str_sub(head, 0, ff_str_find_char(head, '\n')));
}

static struct ff_str
describe(struct ff_arena *arena, struct ff_str text)
{
	struct ff_str vendor = said(text, "# Vendor:"), license = said(text, "# License:");

	if (vendor.len == 0)
		return FF_STR("Countries");
	return ff_str_printf(arena, "Countries, data of %.*s%s%.*s", FF_STR_ARG(vendor), license.len > 0 ? ", " : "",
	    FF_STR_ARG(license));
}

/* Reads one source; *built_s becomes the age of the oldest. */
static bool
take(struct ff_tool *tool, struct ff_geo_build *build, const char *file, struct ff_str *description, int64_t *built_s)
{
	struct stat   st;
	struct ff_str text;

	if (stat(file, &st) != 0 || ff_io_read_file(tool->arena, file, SOURCE_MAX, &text) != FF_OK) {
		fprintf(stderr, "footfall: %s: %s\n", file, strerror(errno));
		return false;
	}
	if (ff_geo_build_read(build, file, text) != FF_OK)
		return false;
	if (description->len == 0)
		*description = describe(tool->arena, text);
	if (*built_s == 0 || st.st_mtime < *built_s)
		*built_s = st.st_mtime;
	return true;
}

static int
write_out(struct ff_tool *tool, struct ff_geo_build *build, const char *path, struct ff_str description, int64_t built_s)
{
	struct ff_buf     out;
	struct ff_geo_sum sum;
	char              day[11];
	enum ff_err       err;

	ff_buf_init(&out, RESULT_MAX);
	err = ff_geo_build_write(build, description, built_s, &out);
	if (err == FF_OK)
		err = ff_io_replace_file(path, ff_buf_view(&out), 0644);
	sum = ff_geo_build_sum(build);
	if (err == FF_OK) {
		ff_day_print((int32_t)(built_s / 86400), day);
		printf("%s: %zu countries, %zu ranges, %zu bytes, data of %s\n", path, sum.countries, sum.ranges, out.len, day);
	}
	ff_buf_free(&out);
	return err == FF_OK ? 0 : ff_tool_fail(tool, path, err, NULL);
}

int
ff_cmd_geo_build(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args       args;
	struct ff_geo_build *build;
	const char          *path, *file;
	struct ff_str        description = FF_STR_NONE;
	int64_t              built_s = 0;
	bool                 fine = true;
	int                  code = 1;

	ff_args_init(&args, "geo build", argc, argv);
	path = ff_args_word(&args);
	file = ff_args_word(&args);
	if (file == NULL) {
		fprintf(stderr, "footfall: geo build wants OUT.mmdb and at least one FILE\nSee: footfall help geo build\n");
		return 2;
	}
	build = ff_geo_build_new();
	for (; file != NULL && fine; file = ff_args_word(&args))
		fine = take(tool, build, file, &description, &built_s);
	if (fine && !ff_args_done(&args))
		code = 2;
	else if (fine)
		code = write_out(tool, build, path, description, built_s);
	ff_geo_build_free(build);
	return code;
}
