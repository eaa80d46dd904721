/* judge.c - our verdicts on lines of standard input, for the comparisons with the data of others.
 *
 *   judge agents    user agent       -> robot number, device, browser, OS
 *   judge origins   referrer, tab, query string of the page -> channel, source; the site is own.example
 *   judge places    MMDB in argv[2]; address -> country or "-"
 * One line out for each line in, separated by tabs. */
#include "base/str.h"
#include "fact/agent.h"
#include "fact/geo.h"
#include "fact/referrer.h"

#include <stdio.h>
#include <string.h>

#define UAP "/usr/share/uap-core/regexes.yaml"

struct parts {
	struct ff_agents *agents;
	struct ff_geo    *geo;
	struct ff_arena   arena;
};

static void
judge_agent(struct parts *parts, struct ff_str line)
{
	struct ff_agent agent;

	ff_agent_find(parts->agents, line, &agent);
	printf("%d\t%s\t%.*s\t%.*s\n", (int)agent.robot, ff_device_name(agent.device), FF_STR_ARG(agent.browser),
	    FF_STR_ARG(agent.os));
}

static void
judge_origin(struct parts *parts, struct ff_str line)
{
	struct ff_str      referrer = ff_str_split(&line, '\t');
	struct ff_campaign campaign;
	struct ff_origin   origin;

	ff_campaign_read(&parts->arena, line, &campaign);
	ff_origin_find(&parts->arena, referrer, FF_STR("own.example"), &campaign, &origin);
	printf("%s\t%.*s\n", ff_channel_name(origin.channel), FF_STR_ARG(origin.source));
}

static void
judge_place(struct parts *parts, struct ff_str line)
{
	struct ff_addr  addr;
	struct ff_place place = { 0 };

	if (ff_addr_parse(line, &addr))
		ff_geo_find(parts->geo, &parts->arena, &addr, &place);
	printf("%.2s\n", place.country[0] == '\0' ? "-" : place.country);
}

int
main(int argc, char **argv)
{
	static char  line[65536];
	struct parts parts = { 0 };
	const char  *what = argc > 1 ? argv[1] : "";
	void (*judge)(struct parts *, struct ff_str) = strcmp(what, "agents") == 0    ? judge_agent
	                                               : strcmp(what, "origins") == 0 ? judge_origin
	                                               : strcmp(what, "places") == 0  ? judge_place
	                                                                              : NULL;

	ff_arena_init(&parts.arena);
	if (judge == NULL || ff_agents_open(&parts.agents, judge == judge_agent ? UAP : "", true) != FF_OK
	    || ff_geo_open(&parts.geo, argc > 2 ? argv[2] : "") != FF_OK)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		judge(&parts, ff_str_from(line));
		ff_arena_reset(&parts.arena);
	}
	ff_agents_free(parts.agents);
	ff_geo_free(parts.geo);
	ff_arena_free(&parts.arena);
	return 0;
}
