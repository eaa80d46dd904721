#include "conf/conf.h"
#include "base/io.h"
#include "base/utf8.h"
#include "conf/setting.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (256 * 1024)
#define ROW_MAX  1000 /* bytes of a line: a connection string with every option is shorter */

#define FROM_ENVIRONMENT (-1)

struct reading {
	struct ff_conf *conf;
	const char     *path;
	FILE           *complaints;
	struct ff_str   rest; /* of the file */
	int             line;
	int             set_at[FF_SETTING_COUNT]; /* the line, FROM_ENVIRONMENT, or 0 = default */
	enum ff_err     err;
};

static void complain(struct reading *r, int line, const char *key, const char *why, ...) ff_printf(4, 5);

static void
complain(struct reading *r, int line, const char *key, const char *why, ...)
{
	va_list ap;

	if (line == FROM_ENVIRONMENT)
		fprintf(r->complaints, "environment: %s: ", key);
	else
		fprintf(r->complaints, "%s:%d: %s: ", r->path, line, key);
	va_start(ap, why);
	vfprintf(r->complaints, why, ap);
	va_end(ap);
	fputc('\n', r->complaints);
	if (r->err == FF_OK)
		r->err = FF_INVALID;
}

static void
set(struct reading *r, const struct ff_setting *setting, struct ff_str value, int line)
{
	struct ff_fault fault;

	if (ff_setting_set(setting, value, r->conf, &fault) != FF_OK)
		complain(r, line, setting->key, "%s", fault.why);
	r->set_at[setting - ff_settings] = line;
}

/* libinih's handler: 1 goes on. It keeps no count of lines, the reader below does. */
static int
take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading          *r = user;
	const struct ff_setting *setting = ff_setting_find(ff_str_from(name));
	int                      before;

	(void)section; /* the reader refuses them */
	if (setting == NULL) {
		complain(r, r->line, name, "is no setting");
		return 1;
	}
	before = r->set_at[setting - ff_settings];
	if (before != 0)
		complain(r, r->line, setting->key, "is set in line %d already", before);
	else
		set(r, setting, ff_str_from(value), r->line);
	return 1;
}

static bool
has_control(struct ff_str line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t')
			return true;
	return false;
}

/* Why libinih would misread the line, or NULL. It would cut long ones in two, take ':' for '=' and skip what it
 * cannot read without telling more than one line number. */
static const char *
fault_of_line(struct ff_str line)
{
	size_t equals = ff_str_find_char(line, '=');

	if (line.len > ROW_MAX)
		return "is longer than 1000 bytes";
	if (!ff_utf8_valid(line))
		return "is not valid UTF-8 or holds a NUL";
	if (has_control(line))
		return "holds a control character";
	if (line.p[0] == '[')
		return "opens a section, but there are none";
	if (equals == 0)
		return "has no key";
	if (equals == line.len || ff_str_find_char(line, ':') < equals)
		return "has no '=' behind a key";
	return NULL;
}

/* libinih's reader, like fgets. Comments and lines with a fault reach it as empty ones. */
static char *
next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	struct ff_str   line;
	const char     *why = NULL;

	if (size < ROW_MAX + 2)
		ff_panic("conf: libinih reads shorter lines");
	if (r->rest.len == 0)
		return NULL;
	line = ff_str_trim(ff_str_split(&r->rest, '\n'));
	r->line++;
	if (line.len > 0 && line.p[0] != '#' && line.p[0] != ';')
		why = fault_of_line(line);
	else
		line.len = 0;
	if (why != NULL) {
		complain(r, r->line, "line", "%s", why);
		line.len = 0;
	}
	if (line.len > 0)
		memcpy(out, line.p, line.len);
	memcpy(out + line.len, "\n", 2);
	return out;
}

static void
parse_text(struct reading *r, struct ff_str text)
{
	if (ff_str_starts(text, FF_STR("\xef\xbb\xbf")))
		text = ff_str_from_pos(text, 3);
	r->rest = text;
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
	ini_use_stack = false; /* its stack buffer has 200 bytes */
	ini_allow_realloc = false;
	ini_max_line = ini_initial_alloc = ROW_MAX + 3;
	if (ini_parse_stream(next_line, r, take_pair, r) < 0)
		ff_panic("conf: out of memory");
}

/* A password in a connection string: "password = x" among key words or parameters, "//user:x@" in a URI. */
static bool
holds_password(struct ff_str text)
{
	static const struct ff_str word = FF_STR_INIT("password");
	struct ff_str              rest = text, user;
	size_t                     at, slashes = ff_str_find(text, FF_STR("://"));

	while ((at = ff_str_find(rest, word)) < rest.len) {
		rest = ff_str_from_pos(rest, at + word.len);
		if (ff_str_starts(ff_str_trim(rest), FF_STR("=")))
			return true;
	}
	rest = ff_str_from_pos(text, slashes + 3);
	rest = ff_str_sub(rest, 0, ff_str_find_char(rest, '/'));
	user = ff_str_sub(rest, 0, ff_str_rfind_char(rest, '@'));
	return user.len < rest.len && ff_str_find_char(user, ':') < user.len;
}

const char *
ff_conf_database_shown(const struct ff_conf *conf)
{
	return holds_password(ff_str_from(conf->database)) ? "not shown: it holds a password" : conf->database;
}

static void
check_secret(struct reading *r)
{
	int         line = r->set_at[FF_SETTING_AT_database];
	struct stat st;

	if (line == 0 || !holds_password(ff_str_from(r->conf->database)))
		return;
	if (stat(r->path, &st) == 0 && (st.st_mode & S_IROTH) == 0)
		return;
	complain(r, line, "database", "holds a password, and everybody can read this file: chmod o-r it");
	r->err = FF_FORBIDDEN;
}

static enum ff_err
read_text(struct reading *r, struct ff_arena *arena, bool may_be_absent)
{
	struct ff_str text;
	enum ff_err   err = ff_io_read_file(arena, r->path, FILE_MAX, &text);

	if (err == FF_NOT_FOUND && may_be_absent) {
		r->conf->file = ff_xstrdup("");
		return FF_OK;
	}
	if (err != FF_OK) {
		fprintf(r->complaints, "%s: cannot be read: %s\n", r->path,
		    err == FF_TOO_LARGE ? "too large"
		    : errno == EACCES   ? "permission denied: run it as the user of the services (sudo -u footfall ...)"
		                        : strerror(errno));
		return err;
	}
	r->conf->file = ff_xstrdup(r->path);
	parse_text(r, text);
	check_secret(r);
	return r->err;
}

/* FOOTFALL_SPOOL_SOFT_LIMIT for spool.soft_limit. */
static const char *
environment_of(const struct ff_setting *setting)
{
	char name[64];
	int  len = snprintf(name, sizeof name, "FOOTFALL_%s", setting->key);

	for (int i = 0; i < len && i < (int)sizeof name; i++)
		name[i] = (char)(name[i] == '.' ? '_' : toupper((unsigned char)name[i]));
	return getenv(name);
}

static void
read_environment(struct reading *r)
{
	for (const struct ff_setting *s = ff_settings; s < ff_settings + FF_SETTING_COUNT; s++) {
		const char *value = environment_of(s);

		if (value != NULL)
			set(r, s, ff_str_trim(ff_str_from(value)), FROM_ENVIRONMENT);
	}
}

static void
check_together(struct reading *r)
{
	int soft = r->set_at[FF_SETTING_AT_spool_soft], hard = r->set_at[FF_SETTING_AT_spool_hard];

	if (r->conf->spool_soft > r->conf->spool_hard)
		complain(r, soft != 0 ? soft : hard, "spool.soft_limit", "is larger than spool.hard_limit");
}

static void
set_defaults(struct ff_conf *conf)
{
	*conf = (struct ff_conf){ 0 };
	for (const struct ff_setting *s = ff_settings; s < ff_settings + FF_SETTING_COUNT; s++)
		if (ff_setting_set(s, ff_str_from(s->def), conf, NULL) != FF_OK)
			ff_panic("conf: a default in the table is wrong");
}

enum ff_err
ff_conf_read(const char *path, struct ff_conf *out, FILE *complaints)
{
	const char     *named = path != NULL ? path : getenv("FOOTFALL_CONF");
	bool            standard = named == NULL || named[0] == '\0';
	struct reading  r = { .conf = out, .path = standard ? FF_SYSCONFDIR "/footfall.conf" : named,
	         .complaints = complaints };
	struct ff_arena arena;
	enum ff_err     err;

	set_defaults(out);
	ff_arena_init(&arena);
	err = read_text(&r, &arena, standard);
	ff_arena_free(&arena);
	if (err == FF_OK || err == r.err) {
		read_environment(&r);
		check_together(&r);
		err = r.err;
	}
	if (err != FF_OK)
		ff_conf_free(out);
	return err;
}

void
ff_conf_free(struct ff_conf *conf)
{
	for (const struct ff_setting *s = ff_settings; s < ff_settings + FF_SETTING_COUNT; s++)
		ff_setting_clear(s, conf);
	free((void *)(uintptr_t)conf->file);
	*conf = (struct ff_conf){ 0 };
}
