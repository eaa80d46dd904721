/* unit.h - cmocka with the includes it wants, and checks for our own types. */
#ifndef FF_TESTS_UNIT_H
#define FF_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"

#define assert_str(s, literal)                                              \
	do {                                                                \
		struct ff_str unit_s_ = (s);                                \
		assert_int_equal(unit_s_.len, strlen(literal));             \
		assert_memory_equal(unit_s_.p, literal, unit_s_.len);       \
	} while (0)
#define assert_ok(call)       assert_int_equal((call), FF_OK)
#define assert_err(err, call) assert_int_equal((call), (err))

#endif
