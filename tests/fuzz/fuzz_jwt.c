/* Any bytes as a viewer's token; and, signed here with the site's own secret, a first line as the header and the rest as
 * the claims, so that what lies behind the signature is reached. A viewer is never nil, and a token is never good under
 * another secret. */
#include "fact/viewer.h"

#include <sodium.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ff_arena arena;

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of fact/viewer.h is broken");
}

static void
judge(const struct ff_site *site, struct ff_str token)
{
	struct ff_site      other = *site;
	struct ff_viewer    viewer;
	enum ff_token_fault fault = ff_viewer_judge(&arena, site, token, INT64_C(1800000000000000), &viewer);

	must(ff_token_fault_word(fault) != NULL);
	if (fault != FF_TOKEN_NONE)
		return;
	must(!ff_uuid_is_nil(&viewer.id) && ff_viewer_visitor(&viewer.id) != 0);
	other.secret[7] ^= 1;
	must(ff_viewer_judge(&arena, &other, token, INT64_C(1800000000000000), &viewer) == FF_TOKEN_SIGNATURE);
}

static struct ff_str
part(const void *p, size_t len)
{
	size_t max = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char  *text = ff_alloc(&arena, max);

	sodium_bin2base64(text, max, p, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return ff_str_from(text);
}

static struct ff_str
mint(const struct ff_site *site, struct ff_str text)
{
	struct ff_str                header = ff_str_split(&text, '\n');
	struct ff_str                head = part(header.p, header.len), body = part(text.p, text.len), mac;
	struct ff_str                token = ff_str_printf(&arena, "%.*s.%.*s", FF_STR_ARG(head), FF_STR_ARG(body));
	uint8_t                      bytes[32];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, site->secret, sizeof site->secret);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)token.p, token.len);
	crypto_auth_hmacsha256_final(&state, bytes);
	mac = part(bytes, sizeof bytes);
	return ff_str_printf(&arena, "%.*s.%.*s", FF_STR_ARG(token), FF_STR_ARG(mac));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_site site = { .site_id = 1, .domain = FF_STR("example.com"), .secret = { 1, 2, 3 } };
	struct ff_str  text = ff_str_of((const char *)data, size);

	must(sodium_init() >= 0);
	judge(&site, text);
	if (size > 0 && size < 4000)
		judge(&site, mint(&site, text));
	ff_arena_reset(&arena);
	return 0;
}
