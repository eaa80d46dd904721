#include "tests/lib/unit.h"

#include "base/buf.h"
#include "base/io.h"
#include "base/utf8.h"
#include "fact/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A writer of the MMDB format (MaxMind DB File Format Specification 2.0), small and independent of the library
 * that reads: a tree of 24-bit records, IPv4 under ::/96, one data record a network. */
#define NODES 2000

struct mmdb {
	uint32_t      node[NODES][2]; /* 0 = empty; else a node, or NODES + 1 + offset of data */
	uint32_t      nodes;
	struct ff_buf data;
};

static struct ff_arena arena;
static char            dir[] = "/tmp/ff-geo-XXXXXX", path[64];

static void
put_text(struct ff_buf *b, const char *text)
{
	size_t len = strlen(text);

	if (len < 29) {
		ff_buf_char(b, (char)(2 << 5 | len));
	} else {
		ff_buf_char(b, (char)(2 << 5 | 29));
		ff_buf_char(b, (char)(len - 29));
	}
	ff_buf_z(b, text);
}

static void
put_map(struct ff_buf *b, int pairs)
{
	ff_buf_char(b, (char)(7 << 5 | pairs));
}

static void
put_array(struct ff_buf *b, int items)
{
	ff_buf_char(b, (char)items);
	ff_buf_char(b, 4); /* extended type 11 */
}

static void
put_u16(struct ff_buf *b, uint16_t n)
{
	ff_buf_char(b, (char)(5 << 5 | 2));
	ff_buf_be16(b, n);
}

static void
add_network(struct mmdb *m, const char *text, unsigned bits, uint32_t data)
{
	struct ff_addr addr;
	uint32_t       at = 0;

	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	if (ff_addr_is_v4(&addr)) {
		addr.b[10] = addr.b[11] = 0;
		bits += 96;
	}
	for (unsigned i = 0; i < bits; i++) {
		uint32_t *side = &m->node[at][addr.b[i / 8] >> (7 - i % 8) & 1];

		if (i + 1 == bits) {
			*side = NODES + 1 + data;
		} else {
			if (*side == 0)
				*side = ++m->nodes;
			at = *side;
		}
	}
}

static void
put_metadata(struct ff_buf *b, uint32_t count)
{
	ff_buf_put(b, "\xab\xcd\xefMaxMind.com", 14);
	put_map(b, 9);
	put_text(b, "binary_format_major_version");
	put_u16(b, 2);
	put_text(b, "binary_format_minor_version");
	put_u16(b, 0);
	put_text(b, "build_epoch");
	ff_buf_char(b, 4);
	ff_buf_char(b, 2); /* extended type 9, four bytes */
	ff_buf_be32(b, 1);
	put_text(b, "database_type");
	put_text(b, "Footfall-Test");
	put_text(b, "description");
	put_map(b, 0);
	put_text(b, "ip_version");
	put_u16(b, 6);
	put_text(b, "languages");
	put_array(b, 0);
	put_text(b, "node_count");
	ff_buf_char(b, (char)(6 << 5 | 4));
	ff_buf_be32(b, count);
	put_text(b, "record_size");
	put_u16(b, 24);
}

static struct ff_str
mmdb_file(const struct mmdb *m, struct ff_buf *b)
{
	uint32_t count = m->nodes + 1;

	for (uint32_t i = 0; i < count; i++)
		for (int side = 0; side < 2; side++) {
			uint32_t to = m->node[i][side], record = to;

			if (to == 0)
				record = count;
			else if (to > NODES)
				record = count + 16 + (to - NODES - 1);
			ff_buf_char(b, (char)(record >> 16));
			ff_buf_be16(b, (uint16_t)record);
		}
	ff_buf_put(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	ff_buf_str(b, ff_buf_view(&m->data));
	put_metadata(b, count);
	assert_false(b->overflow);
	return ff_buf_view(b);
}

/* {"country":{"iso_code":C},"city":{"names":{"en":..}},"subdivisions":[{"names":{"de":..,"en":..}}]} */
static uint32_t
city_record(struct mmdb *m, const char *country, const char *region, const char *city)
{
	uint32_t at = (uint32_t)m->data.len;

	put_map(&m->data, 3);
	put_text(&m->data, "country");
	put_map(&m->data, 1);
	put_text(&m->data, "iso_code");
	put_text(&m->data, country);
	put_text(&m->data, "city");
	put_map(&m->data, 1);
	put_text(&m->data, "names");
	put_map(&m->data, 1);
	put_text(&m->data, "en");
	put_text(&m->data, city);
	put_text(&m->data, "subdivisions");
	put_array(&m->data, 1);
	put_map(&m->data, 1);
	put_text(&m->data, "names");
	put_map(&m->data, 2);
	put_text(&m->data, "de");
	put_text(&m->data, "nicht dies");
	put_text(&m->data, "en");
	put_text(&m->data, region);
	return at;
}

static uint32_t
flat_record(struct mmdb *m, const char *key, const char *value)
{
	uint32_t at = (uint32_t)m->data.len;

	put_map(&m->data, 1);
	put_text(&m->data, key);
	put_text(&m->data, value);
	return at;
}

static uint32_t
registered_record(struct mmdb *m, const char *country)
{
	uint32_t at = (uint32_t)m->data.len;

	put_map(&m->data, 1);
	put_text(&m->data, "registered_country");
	put_map(&m->data, 1);
	put_text(&m->data, "iso_code");
	put_text(&m->data, country);
	return at;
}

static int
write_database(void **state)
{
	struct mmdb  *m = calloc(1, sizeof(*m));
	struct ff_buf file;

	(void)state;
	ff_arena_init(&arena);
	ff_buf_init(&m->data, 1 << 16);
	ff_buf_init(&file, 1 << 20);
	add_network(m, "192.0.2.0", 24, city_record(m, "DE", "Land Berlin", "Berlin"));
	add_network(m, "198.51.100.0", 25, flat_record(m, "country_code", "fr"));
	add_network(m, "198.51.100.128", 25, flat_record(m, "country", "PT"));
	add_network(m, "203.0.113.0", 28, flat_record(m, "country_code", "EU"));
	add_network(m, "203.0.113.16", 28, flat_record(m, "country_code", "??"));
	add_network(m, "203.0.113.32", 28, flat_record(m, "country_code", "DEU"));
	add_network(m, "203.0.113.48", 28, registered_record(m, "US"));
	add_network(m, "203.0.113.64", 28, city_record(m, "CH", "Z\xfcrich", "")); /* Latin-1: not valid */
	add_network(m, "2001:db8::", 32, flat_record(m, "country_code", "NZ"));
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/test.mmdb", dir);
	assert_ok(ff_io_replace_file(path, mmdb_file(m, &file), 0600));
	ff_buf_free(&file);
	ff_buf_free(&m->data);
	free(m);
	return 0;
}

static int
remove_database(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)rmdir(dir);
	ff_arena_free(&arena);
	return 0;
}

static struct ff_place
place_of(const struct ff_geo *geo, const char *text)
{
	struct ff_addr  addr;
	struct ff_place place;

	assert_true(ff_addr_parse(ff_str_from(text), &addr));
	ff_geo_find(geo, &arena, &addr, &place);
	return place;
}

static void
assert_country(const struct ff_geo *geo, const char *text, const char *country)
{
	struct ff_place place = place_of(geo, text);
	char            code[3] = { place.country[0], place.country[1], '\0' };

	assert_string_equal(code, country);
}

static void
places_are_read_from_each_shape_of_record(void **state)
{
	struct ff_geo  *geo;
	struct ff_place place;

	(void)state;
	assert_ok(ff_geo_open(&geo, path));
	assert_country(geo, "192.0.2.77", "DE");
	place = place_of(geo, "192.0.2.77");
	assert_str(place.region, "Land Berlin");
	assert_str(place.city, "Berlin");
	assert_country(geo, "198.51.100.1", "FR");
	assert_country(geo, "198.51.100.200", "PT");
	assert_country(geo, "203.0.113.49", "US");
	assert_country(geo, "2001:db8:1:2::3", "NZ");
	assert_int_equal(place_of(geo, "2001:db8::1").city.len, 0);
	ff_geo_free(geo);
}

static void
what_is_no_country_is_unknown(void **state)
{
	struct ff_geo *geo;

	(void)state;
	assert_ok(ff_geo_open(&geo, path));
	assert_country(geo, "203.0.113.1", "");
	assert_country(geo, "203.0.113.17", "");
	assert_country(geo, "203.0.113.33", "");
	assert_country(geo, "10.0.0.1", "");
	assert_country(geo, "2001:db9::1", "");
	ff_geo_free(geo);
}

static void
names_are_valid_text(void **state)
{
	struct ff_geo  *geo;
	struct ff_place place;

	(void)state;
	assert_ok(ff_geo_open(&geo, path));
	place = place_of(geo, "203.0.113.65");
	assert_true(place.region.len > 0);
	assert_true(ff_utf8_valid(place.region));
	assert_int_equal(place.city.len, 0);
	ff_geo_free(geo);
}

static void
without_a_database_every_place_is_unknown(void **state)
{
	struct ff_geo *geo;

	(void)state;
	assert_ok(ff_geo_open(&geo, ""));
	assert_country(geo, "192.0.2.77", "");
	ff_geo_free(geo);
	assert_ok(ff_geo_open(&geo, NULL));
	ff_geo_free(geo);
}

static void
other_files_are_refused(void **state)
{
	struct ff_geo *geo;
	char           other[80];

	(void)state;
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	assert_err(FF_NOT_FOUND, ff_geo_open(&geo, other));
	assert_null(geo);
	assert_ok(ff_io_replace_file(other, FF_STR("this is no database"), 0600));
	assert_err(FF_CORRUPT, ff_geo_open(&geo, other));
	assert_null(geo);
	(void)unlink(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_read_from_each_shape_of_record),
		cmocka_unit_test(what_is_no_country_is_unknown),
		cmocka_unit_test(names_are_valid_text),
		cmocka_unit_test(without_a_database_every_place_is_unknown),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests_name("geo", tests, write_database, remove_database);
}
