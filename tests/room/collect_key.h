/* collect_key.h - one API key of site 1 in the room of collect_room.h: call key_make before room_open. */
#ifndef FF_TESTS_COLLECT_KEY_H
#define FF_TESTS_COLLECT_KEY_H

#include "safe/token.h"
#include "tests/room/collect_room.h"

static struct ff_token    key_token;
static struct ff_site_key key_row = { .key_id = 1, .site_id = 1, .scopes = FF_STR_INIT("events:write") };

static void
key_make(void)
{
	ff_safe_init();
	ff_token_make("ffk_", &key_token);
	memcpy(key_row.hash, key_token.hash, sizeof(key_row.hash));
	room_keys = &key_row;
	room_keys_n = 1;
}

static __attribute__((unused)) void
key_show(const char *text)
{
	char header[128];

	snprintf(header, sizeof(header), "Bearer %s", text);
	room_set("HTTP_AUTHORIZATION", ff_str_from(header));
}

#endif
