#include "tests/lib/unit.h"

#include "base/day.h"
#include "fact/visitor.h"
#include "safe/rand.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], path[96];

static int
make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/ff-visitor-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/salts", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void
put_file(const char *text, mode_t mode)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
rotation_keeps_yesterday_to_three_days_ahead(void **state)
{
	struct ff_salts first, later;
	struct stat     before, after;

	(void)state;
	assert_err(FF_NOT_FOUND, ff_salts_read(path, &first));
	assert_ok(ff_salts_rotate(path, 20000));
	assert_ok(ff_salts_read(path, &first));
	assert_int_equal(first.n, 4);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(before.st_mode & 0777, 0600);
	assert_ok(ff_salts_rotate(path, 20000));
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);

	assert_ok(ff_salts_rotate(path, 20002));
	assert_ok(ff_salts_read(path, &later));
	assert_int_equal(later.n, 5);
	assert_null(ff_salts_find(&later, 20000));
	for (int32_t day = 20001; day <= 20003; day++)
		assert_memory_equal(ff_salts_find(&first, day)->key, ff_salts_find(&later, day)->key, 32);
	assert_non_null(ff_salts_find(&later, 20005));
	assert_memory_not_equal(ff_salts_find(&later, 20004)->key, ff_salts_find(&later, 20005)->key, 32);
}

static void
refresh_follows_a_replaced_file_and_keeps_what_it_has_otherwise(void **state)
{
	struct ff_salts salts, kept;

	(void)state;
	assert_ok(ff_salts_rotate(path, 100));
	assert_ok(ff_salts_read(path, &salts));
	assert_ok(ff_salts_rotate(path, 101));
	assert_ok(ff_salts_refresh(path, &salts));
	assert_non_null(ff_salts_find(&salts, 104));
	kept = salts;
	put_file("rubbish", 0600);
	assert_err(FF_CORRUPT, ff_salts_refresh(path, &salts));
	assert_memory_equal(&kept, &salts, sizeof kept);
	unlink(path);
	assert_err(FF_NOT_FOUND, ff_salts_refresh(path, &salts));
	assert_memory_equal(&kept, &salts, sizeof kept);
}

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
only_a_whole_private_file_is_taken(void **state)
{
	static const char *const bad[] = { "", "footfall-salts 2\n", "footfall-salts 1\n2026-01-01 " KEY,
		"footfall-salts 1\n2026-02-30 " KEY "\n", "footfall-salts 1\n2026-01-01 " KEY "\n2026-01-01 " KEY "\n",
		"footfall-salts 1\n2026-01-01 g" KEY "\n", "footfall-salts 1\n2026-01-01 " KEY "\n\n" };
	struct ff_salts salts;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		put_file(bad[i], 0600);
		assert_err(FF_CORRUPT, ff_salts_read(path, &salts));
		assert_int_equal(salts.n, 0);
	}
	put_file("footfall-salts 1\n2026-01-01 " KEY "\n", 0600);
	assert_ok(ff_salts_read(path, &salts));
	assert_int_equal(salts.v[0].key[1], 0x11);
	put_file("footfall-salts 1\n2026-01-01 " KEY "\n", 0604);
	assert_err(FF_FORBIDDEN, ff_salts_read(path, &salts));
	assert_err(FF_FORBIDDEN, ff_salts_rotate(path, 20000));
}

static void
a_damaged_file_is_made_anew_by_rotation(void **state)
{
	struct ff_salts salts;

	(void)state;
	put_file("rubbish", 0600);
	assert_ok(ff_salts_rotate(path, 20000));
	assert_ok(ff_salts_read(path, &salts));
	assert_int_equal(salts.n, 4);
}

static uint64_t
id_of(const struct ff_salt *salt, int32_t site, const char *address, const char *agent)
{
	struct ff_addr addr;

	assert_true(ff_addr_parse(ff_str_from(address), &addr));
	return ff_visitor_id(salt, site, &addr, ff_str_from(agent));
}

static void
identity_changes_with_salt_site_address_and_agent(void **state)
{
	struct ff_salt monday = { 1, { 1 } }, tuesday = { 2, { 2 } };
	uint64_t       id = id_of(&monday, 1, "192.0.2.1", "UA");

	(void)state;
	assert_true(id != 0 && id <= INT64_MAX);
	assert_true(id == id_of(&monday, 1, "192.0.2.1", "UA"));
	assert_true(id != id_of(&tuesday, 1, "192.0.2.1", "UA"));
	assert_true(id != id_of(&monday, 2, "192.0.2.1", "UA"));
	assert_true(id != id_of(&monday, 1, "192.0.2.2", "UA"));
	assert_true(id != id_of(&monday, 1, "192.0.2.1", "UB"));
	assert_true(id_of(&monday, 1, "2001:db8::1", "UA") == id_of(&monday, 1, "2001:db8::ffff:2", "UA"));
	assert_true(id_of(&monday, 1, "2001:db8::1", "UA") != id_of(&monday, 1, "2001:db8:0:1::1", "UA"));
	assert_true(id_of(NULL, 1, "192.0.2.1", "UA") == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rotation_keeps_yesterday_to_three_days_ahead, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(refresh_follows_a_replaced_file_and_keeps_what_it_has_otherwise, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(only_a_whole_private_file_is_taken, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_made_anew_by_rotation, make_dir, drop_dir),
		cmocka_unit_test(identity_changes_with_salt_site_address_and_agent),
	};

	ff_safe_init();
	return cmocka_run_group_tests_name("visitor", tests, NULL, NULL);
}
