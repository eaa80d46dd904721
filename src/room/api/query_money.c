/* query_money.c - sums of money as Plausible shows them: {"value","currency","short","long"}, written the American way. */
#include "room/api/query.h"

#include <math.h>
#include <stdio.h>

struct currency {
	char        code[4];
	const char *symbol; /* NULL: the code and a no-break space */
	int         digits;
};

static struct currency
currency_find(struct ff_str code)
{
	static const struct currency known[] = {
		{ "AUD", "A$", 2 }, { "BHD", NULL, 3 }, { "BIF", NULL, 0 }, { "BRL", "R$", 2 }, { "CAD", "CA$", 2 },
		{ "CLP", NULL, 0 }, { "CNY", "CN\u00a5", 2 }, { "DJF", NULL, 0 }, { "EUR", "\u20ac", 2 },
		{ "GBP", "\u00a3", 2 }, { "GNF", NULL, 0 }, { "HKD", "HK$", 2 }, { "ILS", "\u20aa", 2 },
		{ "INR", "\u20b9", 2 }, { "ISK", NULL, 0 }, { "JOD", NULL, 3 }, { "JPY", "\u00a5", 0 },
		{ "KMF", NULL, 0 }, { "KRW", "\u20a9", 0 }, { "KWD", NULL, 3 }, { "LYD", NULL, 3 }, { "MXN", "MX$", 2 },
		{ "NZD", "NZ$", 2 }, { "OMR", NULL, 3 }, { "PHP", "\u20b1", 2 }, { "PYG", NULL, 0 }, { "RWF", NULL, 0 },
		{ "TND", NULL, 3 }, { "TWD", "NT$", 2 }, { "UGX", NULL, 0 }, { "USD", "$", 2 }, { "VND", "\u20ab", 0 },
		{ "VUV", NULL, 0 }, { "XAF", "FCFA\u00a0", 0 }, { "XCD", "EC$", 2 }, { "XOF", "F\u202fCFA\u00a0", 0 },
		{ "XPF", "CFPF\u00a0", 0 },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (ff_str_eqz(code, known[i].code))
			return known[i];
	return (struct currency){ .digits = 2 };
}

static void
put_symbol(struct ff_buf *buf, const struct currency *currency, struct ff_str code, double value)
{
	if (value < 0)
		ff_buf_char(buf, '-');
	if (currency->symbol != NULL)
		ff_buf_z(buf, currency->symbol);
	else
		ff_buf_printf(buf, "%.*s\u00a0", FF_STR_ARG(code));
}

/* 1234567.8 -> 1,234,567.80 */
static void
put_grouped(struct ff_buf *buf, double value, int digits)
{
	char   text[400];
	size_t len = (size_t)snprintf(text, sizeof text, "%.*f", digits, fabs(value));
	size_t whole = len - (digits > 0 ? (size_t)digits + 1 : 0);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && i < whole && (whole - i) % 3 == 0)
			ff_buf_char(buf, ',');
		ff_buf_char(buf, text[i]);
	}
}

/* 96336315 -> 96.3M */
static void
put_short(struct ff_buf *buf, double value)
{
	static const char *const units[] = { "", "K", "M", "B", "T" };
	double                   left = fabs(value);
	size_t                   unit = 0;

	for (; unit < 4 && round(left * 10) / 10 >= 1000; unit++)
		left /= 1000;
	put_grouped(buf, left, 1);
	ff_buf_z(buf, units[unit]);
}

void
ff_api_put_money(struct ff_json_out *out, double value, struct ff_str code)
{
	struct currency currency = currency_find(code);
	struct ff_buf   text;

	if (isnan(value) || code.len == 0) {
		ff_json_put_null(out);
		return;
	}
	ff_buf_init(&text, 1000);
	ff_json_object(out);
	ff_json_put_key(out, "value");
	ff_json_put_double(out, value);
	ff_json_put_key(out, "currency");
	ff_json_put_str(out, code);
	ff_json_put_key(out, "short");
	put_symbol(&text, &currency, code, value);
	put_short(&text, value);
	ff_json_put_str(out, ff_buf_view(&text));
	ff_buf_clear(&text);
	ff_json_put_key(out, "long");
	put_symbol(&text, &currency, code, value);
	put_grouped(&text, value, currency.digits);
	ff_json_put_str(out, ff_buf_view(&text));
	ff_json_object_end(out);
	ff_buf_free(&text);
}
