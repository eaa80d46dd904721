#include "tests/lib/unit.h"

#include "door/parcel.h"

static const struct ff_uuid id = { .b = { 1, 2, 3 } };

/* A record of so many bytes. */
static enum ff_err
add(struct ff_parcel *parcel, size_t len)
{
	size_t off = parcel->payload.len;

	for (size_t i = 0; i < len; i++)
		ff_buf_char(&parcel->payload, (char)('a' + parcel->n % 26));
	return ff_parcel_add(parcel, &id, off, parcel->n % 2 == 1);
}

static void
records_stand_one_behind_the_other(void **state)
{
	struct ff_parcel parcel;

	(void)state;
	ff_parcel_init(&parcel);
	for (size_t i = 0; i < 100; i++)
		assert_ok(add(&parcel, 10 + i));
	assert_int_equal(parcel.n, 100);
	assert_int_equal(parcel.robots, 50);
	for (size_t i = 0, off = 0; i < 100; off += 10 + i, i++) {
		assert_int_equal(parcel.records[i].off, off);
		assert_int_equal(parcel.records[i].len, 10 + i);
		assert_int_equal(parcel.payload.p[off], 'a' + i % 26);
	}
	ff_parcel_free(&parcel);
}

static void
an_event_that_fails_half_way_leaves_the_others(void **state)
{
	struct ff_parcel      parcel;
	struct ff_parcel_mark mark;

	(void)state;
	ff_parcel_init(&parcel);
	assert_ok(add(&parcel, 5));
	mark = ff_parcel_mark(&parcel);
	assert_ok(add(&parcel, 7));
	assert_ok(add(&parcel, 7));
	ff_parcel_rewind(&parcel, mark);
	assert_int_equal(parcel.n, 1);
	assert_int_equal(parcel.robots, 0);
	assert_ok(add(&parcel, 9));
	assert_int_equal(parcel.records[1].off, 5);
	assert_int_equal(parcel.records[1].len, 9);
	ff_parcel_free(&parcel);
}

static void
one_record_too_many_is_refused_alone(void **state)
{
	struct ff_parcel parcel;
	size_t           len;

	(void)state;
	ff_parcel_init(&parcel);
	for (size_t i = 0; i < FF_PARCEL_RECORDS; i++)
		assert_ok(add(&parcel, 1));
	len = parcel.payload.len;
	assert_err(FF_TOO_LARGE, add(&parcel, 20));
	assert_int_equal(parcel.n, FF_PARCEL_RECORDS);
	assert_int_equal(parcel.payload.len, len);
	ff_parcel_free(&parcel);
}

static void
a_large_one_gives_its_memory_back(void **state)
{
	struct ff_parcel parcel;
	char            *small;

	(void)state;
	ff_parcel_init(&parcel);
	assert_ok(add(&parcel, 500));
	small = parcel.payload.p;
	ff_parcel_clear(&parcel);
	assert_int_equal(parcel.n, 0);
	assert_ptr_equal(parcel.payload.p, small);
	for (int i = 0; i < 2000; i++)
		assert_ok(add(&parcel, 1000));
	for (int i = 0; i < 5000; i++)
		ff_buf_z(&parcel.reply, "a line for each event\n");
	ff_parcel_clear(&parcel);
	assert_int_equal(parcel.payload.cap + parcel.reply.cap + parcel.cap, 0);
	assert_int_equal(parcel.robots, 0);
	assert_ok(add(&parcel, 3));
	ff_parcel_free(&parcel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_stand_one_behind_the_other),
		cmocka_unit_test(an_event_that_fails_half_way_leaves_the_others),
		cmocka_unit_test(one_record_too_many_is_refused_alone),
		cmocka_unit_test(a_large_one_gives_its_memory_back),
	};

	return cmocka_run_group_tests_name("parcel", tests, NULL, NULL);
}
