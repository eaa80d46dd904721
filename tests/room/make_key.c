/* make_key SITE_ID SCOPES - makes an API key in the database FF_TEST_DB and prints it; site 0 = all. */
#include "base/num.h"
#include "fact/account.h"
#include "safe/rand.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	struct ff_arena arena;
	struct ff_db   *db;
	int64_t         site;
	char            text[64];
	enum ff_err     err;

	if (argc != 3 || !ff_num_i64(ff_str_from(argv[1]), &site))
		return 2;
	ff_safe_init();
	ff_arena_init(&arena);
	ff_db_open(&db, getenv("FF_TEST_DB"), "make_key");
	err = ff_key_add(db, &arena, FF_STR("test"), (int32_t)site, ff_str_from(argv[2]), 0, text, NULL);
	if (err == FF_OK)
		puts(text);
	ff_db_close(db);
	ff_arena_free(&arena);
	return err != FF_OK;
}
