/* judge_token.c - tokens that others minted, judged by ours: lines "SECRET-HEX DOMAIN NOW-SECONDS TOKEN" in, "WORD" or
 * "ok VIEWER-ID [team]" out. */
#include "base/num.h"
#include "base/uuid.h"
#include "fact/viewer.h"
#include "safe/hash.h"
#include "safe/rand.h"

#include <stdio.h>
#include <string.h>

static void
judge(struct ff_arena *arena, struct ff_str line)
{
	struct ff_str       secret = ff_str_split(&line, ' ');
	struct ff_site      site = { .domain = ff_str_split(&line, ' ') };
	struct ff_viewer    viewer;
	enum ff_token_fault fault;
	int64_t             now;
	char                id[37];

	if (!ff_unhex(secret, site.secret, sizeof site.secret) || !ff_num_i64(ff_str_split(&line, ' '), &now))
		ff_panic("a line of another form");
	fault = ff_viewer_judge(arena, &site, line, now * 1000000, &viewer);
	ff_uuid_print(&viewer.id, id);
	if (fault == FF_TOKEN_NONE)
		printf("ok %s%s\n", id, viewer.team ? " team" : "");
	else
		printf("%s\n", ff_token_fault_word(fault));
	ff_arena_reset(arena);
}

int
main(void)
{
	static char     line[8192];
	struct ff_arena arena;

	ff_safe_init();
	ff_arena_init(&arena);
	while (fgets(line, sizeof line, stdin))
		judge(&arena, ff_str_of(line, strcspn(line, "\n")));
	ff_arena_free(&arena);
	return 0;
}
