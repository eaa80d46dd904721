#include "room/collect/reading.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "room/collect/props.h"
#include "wire/url.h"

#include <stdlib.h>

struct ff_beacon *
ff_beacons_add(struct ff_beacons *beacons, enum ff_kind kind, const char *name)
{
	if (beacons->n == FF_BEACONS_MAX)
		ff_panic("a dialect has more facts in one than FF_BEACONS_MAX");
	ff_beacon_init(&beacons->v[beacons->n], kind, name);
	return &beacons->v[beacons->n++];
}

void
ff_beacons_metric(struct ff_beacons *beacons, const struct ff_beacon *of, const char *name, int64_t micros)
{
	struct ff_beacon  page = *of;
	struct ff_beacon *metric = ff_beacons_add(beacons, FF_KIND_PERFORMANCE, name);
	struct ff_event   event = metric->event;

	*metric = page;
	metric->event = event;
	metric->event.hostname = page.event.hostname;
	metric->event.flags |= FF_FLAG_MEASURE | FF_FLAG_NON_INTERACTIVE;
	metric->event.measure_micros = micros;
}

enum ff_err
ff_reading_bad(const struct ff_reading *reading, const char *field, const char *why)
{
	return ff_fault_set(reading->fault, FF_INVALID, field, "%s", why);
}

struct ff_str
ff_reading_name(struct ff_str text)
{
	return ff_utf8_first(ff_str_trim(text), FF_NAME_MAX);
}

struct ff_str
ff_reading_url(const struct ff_reading *reading, struct ff_str text)
{
	static const char hex[] = "0123456789ABCDEF";
	char             *p;
	size_t            len = 0;

	text = ff_str_trim(text);
	p = ff_alloc(reading->arena, 3 * text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c > 0x20 && c != 0x7f) {
			p[len++] = (char)c;
			continue;
		}
		p[len++] = '%';
		p[len++] = hex[c >> 4];
		p[len++] = hex[c & 15];
	}
	return ff_str_of(p, len);
}

struct ff_str
ff_reading_url_add(const struct ff_reading *reading, struct ff_str url, const char *name, struct ff_str value)
{
	size_t        hash = ff_str_find_char(url, '#');
	struct ff_str fragment = ff_str_from_pos(url, hash), page = ff_str_sub(url, 0, hash);
	char          mark = ff_str_find_char(page, '?') < page.len ? '&' : '?';
	struct ff_buf encoded;
	struct ff_str longer;

	if (value.len == 0 || value.len > FF_URL_MAX)
		return url;
	ff_buf_init(&encoded, 3 * FF_URL_MAX);
	ff_url_encode(&encoded, value);
	longer = ff_str_printf(reading->arena, "%.*s%c%s=%.*s%.*s", FF_STR_ARG(page), mark, name,
	    FF_STR_ARG(ff_buf_view(&encoded)), FF_STR_ARG(fragment));
	ff_buf_free(&encoded);
	return longer.len <= FF_URL_MAX ? longer : url;
}

unsigned
ff_reading_screen(struct ff_str text)
{
	uint64_t width = 0;
	size_t   n = 0;

	text = ff_str_trim(text);
	while (n < text.len && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	if (!ff_num_u64(ff_str_sub(text, 0, n), &width) || width > INT16_MAX)
		return 0;
	return (unsigned)width;
}

bool
ff_reading_micros(struct ff_str text, int64_t *micros)
{
	char  copy[40];
	char *end;

	text = ff_str_trim(text);
	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (!(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E')
			return false; /* nor "inf", nor hexadecimal */
		copy[i] = c;
	}
	copy[text.len] = '\0';
	return ff_micros_of(strtod(copy, &end), micros) && *end == '\0';
}

void
ff_reading_revenue(struct ff_event *event, struct ff_str amount, struct ff_str currency)
{
	char    code[3];
	int64_t micros;

	if (!ff_str_letters(currency, code, 3) || !ff_reading_micros(amount, &micros))
		return;
	event->value_micros = micros;
	memcpy(event->currency, code, sizeof(code));
}
