#include "intake/enrich.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "fact/referrer.h"
#include "wire/url.h"

/* Host and path as the field writes them: bare host, decoded path, "/" for none. */
static enum ff_err
read_page(struct ff_arena *arena, const struct ff_hit *hit, struct ff_url *url, struct ff_event *event,
    struct ff_fault *fault)
{
	*url = (struct ff_url){ 0 };
	if (hit->url.len == 0)
		return FF_OK;
	if (hit->url.len > FF_URL_MAX)
		return ff_fault_set(fault, FF_INVALID, "url", "is longer than %d bytes", FF_URL_MAX);
	if (ff_url_parse(arena, hit->url, url) != FF_OK)
		return ff_fault_set(fault, FF_INVALID, "url", "is not a valid URL");
	if (ff_str_eqz(url->scheme, "data"))
		return ff_fault_set(fault, FF_INVALID, "url", "must not be a data: URL");
	event->hostname = ff_url_host_bare(arena, url->host);
	event->path = ff_str_trim(ff_url_decode(arena, url->path));
	if (event->path.len == 0)
		event->path = FF_STR("/");
	if (hit->hash_mode && url->fragment.len > 0)
		event->path = ff_str_printf(arena, "%.*s#%.*s", FF_STR_ARG(event->path),
		    FF_STR_ARG(ff_url_decode(arena, url->fragment)));
	event->path = ff_utf8_cut(event->path, FF_LABEL_MAX);
	return FF_OK;
}

static void
read_origin(struct ff_arena *arena, const struct ff_hit *hit, const struct ff_url *url, struct ff_event *event)
{
	struct ff_campaign campaign;
	struct ff_origin   origin;

	ff_campaign_read(arena, url->query, &campaign);
	ff_origin_find(arena, hit->referrer, event->hostname.len > 0 ? event->hostname : hit->site->domain, &campaign,
	    &origin);
	event->utm_source = campaign.source;
	event->utm_medium = campaign.medium;
	event->utm_campaign = campaign.name;
	event->utm_content = campaign.content;
	event->utm_term = campaign.term;
	event->click_id = campaign.click_id;
	event->referrer = ff_utf8_cut(ff_utf8_clean(arena, origin.referrer), FF_LABEL_MAX);
	event->source = ff_utf8_cut(ff_utf8_clean(arena, origin.source), FF_LABEL_MAX);
	event->channel = (uint8_t)origin.channel;
}

static void
read_agent(struct ff_intake *intake, struct ff_arena *arena, const struct ff_hit *hit, struct ff_event *event)
{
	struct ff_agent agent;

	ff_agent_find(intake->agents, hit->user_agent, &agent);
	ff_agent_touch(&agent, hit->touch_points);
	event->browser = ff_utf8_clean(arena, agent.browser);
	event->browser_version = ff_utf8_clean(arena, agent.browser_version);
	event->os = ff_utf8_clean(arena, agent.os);
	event->os_version = ff_utf8_clean(arena, agent.os_version);
	event->device = (uint8_t)agent.device;
	event->robot = (uint8_t)agent.robot;
}

/* What else tells a robot. Needs the referrer. */
static void
read_robot(const struct ff_intake *intake, const struct ff_hit *hit, struct ff_event *event)
{
	struct ff_str host = ff_str_sub(event->referrer, 0, ff_str_find_char(event->referrer, '/'));

	if (event->robot != FF_ROBOT_NO)
		return;
	if (ff_robot_of_brands(hit->brands) != FF_ROBOT_NO)
		event->robot = FF_ROBOT_HEADLESS;
	else if (intake->robots != NULL && ff_robot_lists_network(intake->robots, &hit->addr))
		event->robot = FF_ROBOT_NETWORK;
	else if (intake->robots != NULL && ff_robot_lists_referrer(intake->robots, host))
		event->robot = FF_ROBOT_SPAM;
}

#define LANGUAGE_MAX 35 /* the longest tag of RFC 5646 without extensions */

/* Of the subtags behind the first, two letters are a region (upper case) and four a script (one capital), as RFC 5646
 * writes them, until a single letter begins what is private. */
static void
case_of_subtags(char *tag, size_t len)
{
	bool   open = true;
	size_t from = 0;

	for (size_t to = 0; to <= len; to++) {
		if (to < len && tag[to] != '-')
			continue;
		if (to - from == 1)
			open = false;
		for (size_t i = from; open && from > 0 && i < to; i++)
			if ((to - from == 2 || (to - from == 4 && i == from)) && tag[i] >= 'a' && tag[i] <= 'z')
				tag[i] = (char)(tag[i] - 0x20);
		from = to + 1;
	}
}

/* "de-de,de;q=0.9" -> "de-DE"; anything but letters, digits and '-' is no language. */
static struct ff_str
first_language(struct ff_arena *arena, struct ff_str header)
{
	struct ff_str part = ff_str_split(&header, ',');
	char         *tag;

	part = ff_str_trim(ff_str_split(&part, ';'));
	if (part.len == 0 || part.len > LANGUAGE_MAX)
		return FF_STR_NONE;
	tag = ff_alloc(arena, part.len);
	for (size_t i = 0; i < part.len; i++) {
		char c = part.p[i];

		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return FF_STR_NONE;
		tag[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	case_of_subtags(tag, part.len);
	return ff_str_of(tag, part.len);
}

/* The team is not the audience, however private it is. */
static void
read_part(const struct ff_viewer *viewer, struct ff_event *event)
{
	if (!viewer)
		return;
	event->flags |= FF_FLAG_AUTH;
	if (viewer->team && event->robot == FF_ROBOT_NO)
		event->robot = FF_ROBOT_TEAM;
}

static void
read_visitor(const struct ff_hit *hit, struct ff_event *event)
{
	if (hit->anonymous || (hit->salt == NULL && hit->viewer == NULL)) {
		event->flags |= FF_FLAG_NO_VISITOR;
		return;
	}
	if (hit->viewer) {
		event->viewer = hit->viewer->id;
		event->visitor = ff_viewer_visitor(&hit->viewer->id);
		return;
	}
	event->visitor = ff_visitor_id(hit->salt, hit->site->site_id, &hit->addr, hit->user_agent);
	event->visitor_prev = ff_visitor_id(hit->salt_before, hit->site->site_id, &hit->addr, hit->user_agent);
}

enum ff_err
ff_enrich(struct ff_intake *intake, struct ff_arena *arena, const struct ff_hit *hit, struct ff_event *event,
    struct ff_fault *fault)
{
	struct ff_url   url;
	struct ff_place place = { 0 };

	event->site_id = hit->site->site_id;
	event->received_us = hit->received_us;
	event->ts_us = hit->ts_us;
	FF_TRY(read_page(arena, hit, &url, event, fault));
	read_origin(arena, hit, &url, event);
	read_agent(intake, arena, hit, event);
	read_robot(intake, hit, event);
	if (hit->place)
		place = *hit->place;
	else
		ff_geo_find(intake->geo, arena, &hit->addr, &place);
	event->country[0] = place.country[0];
	event->country[1] = place.country[1];
	event->region = ff_utf8_cut(ff_utf8_clean(arena, place.region), FF_LABEL_MAX);
	event->city = ff_utf8_cut(ff_utf8_clean(arena, place.city), FF_LABEL_MAX);
	event->language = first_language(arena, hit->accept_language);
	event->screen = (uint16_t)(hit->screen > UINT16_MAX ? 0 : hit->screen);
	read_part(hit->viewer, event);
	read_visitor(hit, event);
	return FF_OK;
}
