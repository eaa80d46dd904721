#include "tests/lib/unit.h"

#include "conf/conf.h"
#include "conf/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char           path[] = "/tmp/ff-conf-XXXXXX";
static struct ff_conf conf;
static char          *complaints;
static size_t         complaints_len;

static int
setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	free(complaints);
	return unlink(path);
}

static enum ff_err
read_conf(const char *from)
{
	FILE       *out;
	enum ff_err err;

	free(complaints);
	out = open_memstream(&complaints, &complaints_len);
	err = ff_conf_read(from, &conf, out);
	fclose(out);
	return err;
}

static enum ff_err
read_bytes(const char *text, size_t len)
{
	FILE *out = fopen(path, "w");

	fwrite(text, 1, len, out);
	fclose(out);
	return read_conf(path);
}

#define read_text(text) read_bytes(text, strlen(text))

/* The file's text is refused, with exactly these lines, each behind "FILE:". */
static void
assert_complaints(const char *text, size_t len, const char *expected)
{
	struct ff_str rest = ff_str_from(expected);
	char          all[4000] = "";

	while (rest.len > 0) {
		struct ff_str line = ff_str_split(&rest, '\n');
		bool          ours = line.p[0] >= '0' && line.p[0] <= '9';

		snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s%.*s\n", ours ? path : "", ours ? ":" : "",
		    FF_STR_ARG(line));
	}
	assert_err(FF_INVALID, read_bytes(text, len));
	assert_string_equal(complaints, all);
	assert_null(conf.database);
}

#define assert_refused(text, expected) assert_complaints(text, strlen(text), expected)

static void
an_empty_file_gives_the_defaults(void **state)
{
	(void)state;
	assert_ok(read_text(""));
	assert_string_equal(conf.database, "dbname=footfall");
	assert_string_equal(conf.state_dir, FF_STATEDIR);
	assert_string_equal(conf.geo_database, "");
	assert_string_equal(conf.trusted_proxies, "");
	assert_true(conf.jit);
	assert_false(conf.insecure_login);
	assert_int_equal(conf.durability, 0);
	assert_int_equal(conf.log_level, 2);
	assert_true(conf.segment_size == 8 << 20);
	assert_true(conf.spool_hard == INT64_C(8) << 30);
	assert_int_equal(conf.raw_days, 7 * 86400);
	assert_int_equal(conf.requests_max, 8192);
	assert_string_equal(conf.file, path);
	assert_string_equal(complaints, "");
	ff_conf_free(&conf);
	assert_null(conf.database);
	ff_conf_free(&conf);
}

static void
every_type_is_read(void **state)
{
	(void)state;
	assert_ok(read_text("\xef\xbb\xbf# comment\n; comment [x] =\n"
	                    "database = host=/run/pg dbname=x # no comment ; here\r\n"
	                    "\t log.level=debug\n"
	                    "state_dir=/srv/ff\n"
	                    "collect.durability =interval\n"
	                    "spool.segment_size= 64m\n"
	                    "collect.requests = 16\n"
	                    "trusted_proxies = 10.0.0.0/8,::1 2001:db8::/32, 192.0.2.7 unix\n"
	                    "client_address_header = CF-Connecting-IP\n"
	                    "agent.regexes =\n"
	                    "agent.jit = off\n"
	                    "admin.path =\n"
	                    "asset.path = /a/b-c\n"
	                    "retention.raw = 2w"));
	assert_string_equal(conf.database, "host=/run/pg dbname=x # no comment ; here");
	assert_int_equal(conf.log_level, 3);
	assert_string_equal(conf.state_dir, "/srv/ff");
	assert_int_equal(conf.durability, 1);
	assert_true(conf.segment_size == 64 << 20);
	assert_int_equal(conf.requests_max, 16);
	assert_string_equal(conf.trusted_proxies, "10.0.0.0/8,::1 2001:db8::/32, 192.0.2.7 unix");
	assert_string_equal(conf.address_header, "CF-Connecting-IP");
	assert_string_equal(conf.regexes, "");
	assert_false(conf.jit);
	assert_string_equal(conf.admin_path, "");
	assert_string_equal(conf.asset_path, "/a/b-c");
	assert_int_equal(conf.raw_days, 14 * 86400);
	ff_conf_free(&conf);
}

static void
all_faults_of_a_file_come_in_one_go(void **state)
{
	(void)state;
	assert_refused("colour = red\n"
	               "log.level = loud\n"
	               "\n"
	               "log.level = info\n"
	               "state_dir = var/lib\n"
	               "collect.requests = many\n"
	               "spool.segment_size = 8X\n"
	               "retention.raw = 1\n"
	               "agent.jit = yes\n"
	               "trusted_proxies = 10.0.0.0/33\n",
	    "1: colour: is no setting\n"
	    "2: log.level: must be one of error|warn|info|debug\n"
	    "4: log.level: is set in line 2 already\n"
	    "5: state_dir: must be an absolute path\n"
	    "6: collect.requests: must be a whole number\n"
	    "7: spool.segment_size: must be a size: a whole number and k, M, G or T\n"
	    "8: retention.raw: must be within 1d..3660d\n"
	    "9: agent.jit: must be on or off\n"
	    "10: trusted_proxies: \"10.0.0.0/33\" is no address, CIDR block or \"unix\"\n");
}

static void
numbers_outside_their_range_are_refused(void **state)
{
	(void)state;
	assert_refused("collect.requests = 15\n"
	               "stats.workers = 65\n"
	               "admin.workers = -1\n"
	               "spool.segment_size = 65M\n"
	               "spool.soft_limit = 99999999999999999999\n"
	               "admin.session_idle = 31d\n"
	               "admin.session_max = 1h30m\n"
	               "drain.batch =\n",
	    "1: collect.requests: must be within 16..65536\n"
	    "2: stats.workers: must be within 1..64\n"
	    "3: admin.workers: must be within 1..64\n"
	    "4: spool.segment_size: must be within 1M..64M\n"
	    "5: spool.soft_limit: must be a size: a whole number and k, M, G or T\n"
	    "6: admin.session_idle: must be within 5m..30d\n"
	    "7: admin.session_max: must be a duration: a whole number and s, m, h, d or w\n"
	    "8: drain.batch: must be a whole number\n");
}

static void
lines_that_are_none_are_refused(void **state)
{
	(void)state;
	assert_refused("[collect]\n"
	               "log.level\n"
	               "= info\n"
	               "log.level : info\n"
	               "log.level: a = b\n"
	               "log.level = in\x01" "fo\n"
	               "log.level = \xff\n"
	               "log level = info\n",
	    "1: line: opens a section, but there are none\n"
	    "2: line: has no '=' behind a key\n"
	    "3: line: has no key\n"
	    "4: line: has no '=' behind a key\n"
	    "5: line: has no '=' behind a key\n"
	    "6: line: holds a control character\n"
	    "7: line: is not valid UTF-8 or holds a NUL\n"
	    "8: log level: is no setting\n");
	assert_complaints("a\0b = c\n", 8, "1: line: is not valid UTF-8 or holds a NUL\n");
}

static void
long_lines_are_refused_and_not_cut(void **state)
{
	char text[1100] = "database = ";

	(void)state;
	memset(text + 11, 'x', 989);
	memcpy(text + 1000, "\nagent.jit = of\n", 17);
	assert_refused(text, "1: database: is longer than 900 bytes\n2: agent.jit: must be on or off\n");
	memcpy(text + 1000, "x\nagent.jit = of\n", 18);
	assert_refused(text, "1: line: is longer than 1000 bytes\n2: agent.jit: must be on or off\n");
	memset(text + 11, ' ', 89);
	memcpy(text + 1000, "\nagent.jit = off\n", 18);
	assert_ok(read_text(text));
	assert_int_equal(strlen(conf.database), 900);
	assert_false(conf.jit);
	ff_conf_free(&conf);
}

static void
indented_lines_continue_nothing(void **state)
{
	(void)state;
	assert_ok(read_text("state_dir = /a\n   run_dir = /b\n"));
	assert_string_equal(conf.state_dir, "/a");
	assert_string_equal(conf.run_dir, "/b");
	ff_conf_free(&conf);
	assert_refused("state_dir = /a\n   /b\n", "2: line: has no '=' behind a key\n");
}

static void
blocks_are_checked(void **state)
{
	static const char *const good[] = { "", ",", "0.0.0.0/0", "::/0", "::ffff:10.0.0.0/104", "unix",
		"127.0.0.1 ,::1/128" };
	static const char *const bad[] = { "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "10.0.0.0/8/8", "::/129",
		"localhost", "/8", "fe80::1%eth0", "[::1]", "10.0.0.1:80", "Unix", "10.0.0.0/08x",
		"1111111111111111111111111111111111111111111111111/8" };
	char                     text[200];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		snprintf(text, sizeof text, "trusted_proxies = %s", good[i]);
		assert_ok(read_text(text));
		ff_conf_free(&conf);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "trusted_proxies = 10.0.0.0/8, %s", bad[i]);
		assert_err(FF_INVALID, read_text(text));
		assert_non_null(strstr(complaints, bad[i]));
	}
}

static void
names_and_paths_have_a_form(void **state)
{
	(void)state;
	assert_refused("client_address_header =\n"
	               "admin.path = admin\n"
	               "asset.path = /\n"
	               "data_dir =\n"
	               "geo.database = a.mmdb\n",
	    "1: client_address_header: must be the name of a header: letters, digits and '-'\n"
	    "2: admin.path: must be a URL path like /admin, without a slash at its end, or empty\n"
	    "3: asset.path: must be a URL path like /admin, without a slash at its end, or empty\n"
	    "4: data_dir: must not be empty\n"
	    "5: geo.database: must be an absolute path\n");
	assert_refused("client_address_header = X Real: IP\nadmin.path = /a//b\nasset.path = /a b",
	    "1: client_address_header: must be the name of a header: letters, digits and '-'\n"
	    "2: admin.path: must be a URL path like /admin, without a slash at its end, or empty\n"
	    "3: asset.path: must be a URL path like /admin, without a slash at its end, or empty\n");
}

static void
the_soft_limit_stays_below_the_hard_one(void **state)
{
	(void)state;
	assert_refused("spool.hard_limit = 2G\nspool.soft_limit = 3G\n",
	    "2: spool.soft_limit: is larger than spool.hard_limit\n");
	assert_refused("\nspool.hard_limit = 2M\n", "2: spool.soft_limit: is larger than spool.hard_limit\n");
	assert_ok(read_text("spool.hard_limit = 2G\nspool.soft_limit = 2G\n"));
	ff_conf_free(&conf);
	setenv("FOOTFALL_SPOOL_HARD_LIMIT", "2M", 1);
	assert_refused("", "environment: spool.soft_limit: is larger than spool.hard_limit\n");
	unsetenv("FOOTFALL_SPOOL_HARD_LIMIT");
}

static void
the_environment_overrides(void **state)
{
	(void)state;
	setenv("FOOTFALL_DATABASE", " dbname=other\t", 1);
	setenv("FOOTFALL_LOG_LEVEL", "warn", 1);
	setenv("FOOTFALL_AGENT_REGEXES", "", 1);
	setenv("FOOTFALL_URL", "http://localhost", 1);
	setenv("footfall_agent_jit", "off", 1);
	assert_ok(read_text("database = dbname=file\nlog.level = debug\n"));
	assert_string_equal(conf.database, "dbname=other");
	assert_int_equal(conf.log_level, 1);
	assert_string_equal(conf.regexes, "");
	assert_true(conf.jit);
	ff_conf_free(&conf);
	setenv("FOOTFALL_LOG_LEVEL", "loud", 1);
	setenv("FOOTFALL_DATABASE", "a\nlog.level = debug", 1);
	assert_refused("colour = red\n", "1: colour: is no setting\n"
	                                 "environment: database: holds a control character\n"
	                                 "environment: log.level: must be one of error|warn|info|debug\n");
	setenv("FOOTFALL_DATABASE", "\xff", 1);
	setenv("FOOTFALL_LOG_LEVEL", "", 1);
	assert_refused("", "environment: database: is not valid UTF-8\n"
	                   "environment: log.level: must be one of error|warn|info|debug\n");
	unsetenv("FOOTFALL_DATABASE");
	unsetenv("FOOTFALL_LOG_LEVEL");
	unsetenv("FOOTFALL_AGENT_REGEXES");
	unsetenv("FOOTFALL_URL");
	unsetenv("footfall_agent_jit");
}

static void
the_environment_names_the_file(void **state)
{
	(void)state;
	assert_ok(read_text("agent.jit = off\n"));
	ff_conf_free(&conf);
	setenv("FOOTFALL_CONF", path, 1);
	assert_ok(read_conf(NULL));
	assert_false(conf.jit);
	assert_string_equal(conf.file, path);
	ff_conf_free(&conf);
	setenv("FOOTFALL_CONF", "/nonexistent/footfall.conf", 1);
	assert_err(FF_NOT_FOUND, read_conf(NULL));
	assert_ok(read_conf(path));
	ff_conf_free(&conf);
	unsetenv("FOOTFALL_CONF");
}

static void
files_that_cannot_be_read_are_named(void **state)
{
	char *big = calloc(1, 256 * 1024 + 1);

	(void)state;
	assert_err(FF_NOT_FOUND, read_conf("/nonexistent/footfall.conf"));
	assert_string_equal(complaints, "/nonexistent/footfall.conf: cannot be read: No such file or directory\n");
	assert_null(conf.file);
	assert_err(FF_IO, read_conf("/tmp"));
	assert_string_equal(complaints, "/tmp: cannot be read: Is a directory\n");
	assert_err(FF_TOO_LARGE, read_bytes(big, 256 * 1024 + 1));
	free(big);
}

static void
passwords_are_for_few_eyes(void **state)
{
	static const char *const secret[] = { "dbname=x password=y", "password = 'y'", "sslpassword=y",
		"postgresql://user:y@host/x", "postgres://user:y@/x", "postgresql://host/x?password=y" };
	static const char *const open[] = { "dbname=password", "passfile=/etc/footfall/pgpass", "dbname=passwords user=x",
		"postgresql://user@host:5432/x", "postgresql://host:5432/x@y" };
	char                     text[200];

	(void)state;
	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
		snprintf(text, sizeof text, "\ndatabase = %s\ncolour = red\n", secret[i]);
		chmod(path, 0644);
		assert_err(FF_FORBIDDEN, read_text(text));
		assert_non_null(strstr(complaints, ":2: database: holds a password, and everybody can read this file"));
		assert_non_null(strstr(complaints, ":3: colour: is no setting"));
		chmod(path, 0640);
		snprintf(text, sizeof text, "database = %s\n", secret[i]);
		assert_ok(read_text(text));
		assert_null(strstr(ff_conf_database_shown(&conf), conf.database));
		ff_conf_free(&conf);
	}
	chmod(path, 0644);
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		snprintf(text, sizeof text, "database = %s\n", open[i]);
		assert_ok(read_text(text));
		assert_string_equal(ff_conf_database_shown(&conf), open[i]);
		ff_conf_free(&conf);
	}
	setenv("FOOTFALL_DATABASE", "password=y", 1);
	assert_ok(read_text(""));
	ff_conf_free(&conf);
	unsetenv("FOOTFALL_DATABASE");
}

/* What a printed file says when it is read and printed again. */
static void
print_to(char **text)
{
	size_t len;
	FILE  *out = open_memstream(text, &len);

	ff_conf_print(&conf, out);
	fclose(out);
}

static void
what_is_printed_reads_back(void **state)
{
	char *first, *second;

	(void)state;
	assert_ok(read_text("database = host=/run dbname=x\ncollect.durability = interval\nagent.jit = off\n"
	                    "spool.segment_size = 1536k\nspool.soft_limit = 2049k\nspool.hard_limit = 16T\n"
	                    "retention.raw = 90000s\nagent.regexes =\ngeo.database = /a b.mmdb\nstats.workers = 3\n"
	                    "stats.statement_timeout = 90s\ntrusted_proxies = ::1, unix\n"));
	print_to(&first);
	ff_conf_free(&conf);
	assert_non_null(strstr(first, "\ndatabase = host=/run dbname=x\n"));
	assert_non_null(strstr(first, "\n#run_dir = /run/footfall\n"));
	assert_non_null(strstr(first, "\nspool.segment_size = 1536k\n"));
	assert_non_null(strstr(first, "\nspool.hard_limit = 16T\n"));
	assert_non_null(strstr(first, "\nretention.raw = 25h\n"));
	assert_non_null(strstr(first, "\nagent.regexes =\n"));
	assert_non_null(strstr(first, "\ncollect.durability = interval\n"));
	assert_ok(read_text(first));
	print_to(&second);
	assert_string_equal(first, second);
	assert_true(conf.segment_size == 1536 << 10);
	free(first);
	free(second);
	ff_conf_free(&conf);
}

static void
no_setting_takes_a_variable_that_means_something_else(void **state)
{
	static const char *const taken[] = { "CONF", "URL", "SITE", "BIN", "ADMIN_USER", "ADMIN_PASSWORD", "API_KEY",
		"FAULT" };
	static const char *const keys[] = {
#define KEY(field, key, type, def, range, help) key,
		FF_SETTINGS(KEY)
#undef KEY
	};

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		char name[64] = "";

		for (size_t c = 0; keys[i][c] != '\0'; c++)
			name[c] = (char)(keys[i][c] == '.' ? '_' : toupper((unsigned char)keys[i][c]));
		for (size_t t = 0; t < sizeof taken / sizeof *taken; t++)
			assert_string_not_equal(name, taken[t]);
	}
}

static bool
starts(const char *word, const char *value, bool listens, int *code)
{
	struct ff_program program = { .name = "program", .about = "x", .usage = "", .listens = listens };
	char             *argv[] = { (char[]){ "program" }, (char *)(uintptr_t)word, (char *)(uintptr_t)value, NULL };
	struct ff_options options;
	bool              ok;

	setenv("FOOTFALL_CONF", path, 1);
	ok = ff_options_read(value != NULL ? 3 : 2, argv, &program, &options, code);
	if (ok)
		ff_conf_free(&options.conf);
	unsetenv("FOOTFALL_CONF");
	return ok;
}

static void
servers_take_options_and_nothing_else(void **state)
{
	int code;

	(void)state;
	assert_ok(read_text(""));
	ff_conf_free(&conf);
	assert_true(starts("--conf", path, true, &code));
	assert_false(starts("start", NULL, true, &code));
	assert_int_equal(code, 2);
	assert_false(starts("--start", NULL, true, &code));
	assert_int_equal(code, 2);
	assert_true(starts("start", NULL, false, &code));
}

static void
a_query_of_plain_cgi_is_no_command_line(void **state)
{
	int code;

	(void)state;
	assert_ok(read_text(""));
	ff_conf_free(&conf);
	setenv("GATEWAY_INTERFACE", "CGI/1.1", 1);
	assert_true(starts("--conf", "/nonexistent", true, &code));
	assert_true(starts("--version", NULL, true, &code));
	unsetenv("GATEWAY_INTERFACE");
	assert_false(starts("--conf", "/nonexistent", true, &code));
	assert_int_equal(code, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_the_defaults),
		cmocka_unit_test(every_type_is_read),
		cmocka_unit_test(all_faults_of_a_file_come_in_one_go),
		cmocka_unit_test(numbers_outside_their_range_are_refused),
		cmocka_unit_test(lines_that_are_none_are_refused),
		cmocka_unit_test(long_lines_are_refused_and_not_cut),
		cmocka_unit_test(indented_lines_continue_nothing),
		cmocka_unit_test(blocks_are_checked),
		cmocka_unit_test(names_and_paths_have_a_form),
		cmocka_unit_test(the_soft_limit_stays_below_the_hard_one),
		cmocka_unit_test(the_environment_overrides),
		cmocka_unit_test(the_environment_names_the_file),
		cmocka_unit_test(files_that_cannot_be_read_are_named),
		cmocka_unit_test(passwords_are_for_few_eyes),
		cmocka_unit_test(what_is_printed_reads_back),
		cmocka_unit_test(no_setting_takes_a_variable_that_means_something_else),
		cmocka_unit_test(servers_take_options_and_nothing_else),
		cmocka_unit_test(a_query_of_plain_cgi_is_no_command_line),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, teardown);
}
