#include "fact/agent_own.h"

/* token: contained in the agent, case-sensitive; a version is read right behind it, after one '/', ' ' or '@'.
 * The first row wins. */
struct own {
	const char *token, *name;
	const char *version; /* NULL: read it behind the token */
};

static const struct own own_browsers[] = {
	{ "Ecosia ", "Ecosia", "" },
	{ "HuaweiBrowser/", "Huawei Browser", NULL },
	{ "HeyTapBrowser/", "HeyTap Browser", NULL },
	{ "ArkWeb/", "ArkWeb", NULL },
	{ "Ddg/", "DuckDuckGo", NULL },
	{ "musical_ly_", "TikTok", "" },
	{ "BytedanceWebview", "TikTok", "" },
	{ NULL, NULL, NULL },
};

static const struct own own_systems[] = {
	{ "OpenHarmony ", "HarmonyOS", NULL },
	{ "HarmonyOS", "HarmonyOS", "" },
	{ NULL, NULL, NULL },
};

static const struct own coarse_browsers[] = {
	{ "Edg/", "Edge", NULL },
	{ "Edge/", "Edge", NULL },
	{ "EdgA/", "Edge Mobile", NULL },
	{ "EdgiOS/", "Edge Mobile", NULL },
	{ "SamsungBrowser/", "Samsung Internet", NULL },
	{ "OPR/", "Opera", NULL },
	{ "OPiOS/", "Opera Mobile", NULL },
	{ "Opera Mini/", "Opera Mini", NULL },
	{ "Opera/", "Opera", NULL },
	{ "YaBrowser/", "Yandex Browser", NULL },
	{ "Vivaldi/", "Vivaldi", NULL },
	{ "UCBrowser/", "UC Browser", NULL },
	{ "FxiOS/", "Firefox iOS", NULL },
	{ "Firefox/", "Firefox", NULL },
	{ "CriOS/", "Chrome Mobile iOS", NULL },
	{ "GSA/", "Google", NULL },
	{ "Chrome/", "Chrome", NULL },
	{ "Trident/7", "IE", "11" },
	{ "MSIE ", "IE", NULL },
	{ "Version/", "Safari", NULL },
	{ "AppleWebKit/", "WebKit", "" },
	{ NULL, NULL, NULL },
};

static const struct own coarse_systems[] = {
	{ "Windows Phone", "Windows Phone", NULL },
	{ "Windows NT 10", "Windows", "10" },
	{ "Windows NT 6.3", "Windows", "8.1" },
	{ "Windows NT 6.2", "Windows", "8" },
	{ "Windows NT 6.1", "Windows", "7" },
	{ "Windows", "Windows", "" },
	{ "iPhone OS ", "iOS", NULL },
	{ "CPU OS ", "iOS", NULL },
	{ "Mac OS X", "Mac OS X", NULL },
	{ "Android", "Android", NULL },
	{ "CrOS", "Chrome OS", "" },
	{ "Linux", "Linux", "" },
	{ "FreeBSD", "FreeBSD", "" },
	{ NULL, NULL, NULL },
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "major" or "major.minor"; empty if no digit follows (iOS writes 17_0: the major alone). The agent's own bytes. */
static struct ff_str
version_behind(struct ff_str agent, size_t at)
{
	struct ff_str rest = ff_str_from_pos(agent, at);
	size_t        n = 0;

	if (rest.len > 0 && (rest.p[0] == '/' || rest.p[0] == ' ' || rest.p[0] == '@'))
		rest = ff_str_from_pos(rest, 1);
	while (n < rest.len && is_digit(rest.p[n]))
		n++;
	if (n > 0 && n + 1 < rest.len && rest.p[n] == '.' && is_digit(rest.p[n + 1]))
		for (n++; n < rest.len && is_digit(rest.p[n]);)
			n++;
	return ff_str_sub(rest, 0, n);
}

static bool
table_find(const struct own *rows, struct ff_str agent, struct ff_agent_name *out)
{
	*out = (struct ff_agent_name){ FF_STR(""), FF_STR("") };
	for (; rows->token != NULL; rows++) {
		struct ff_str token = ff_str_from(rows->token);
		size_t        at = ff_str_find(agent, token);

		if (at == agent.len)
			continue;
		out->name = ff_str_from(rows->name);
		out->version = rows->version != NULL ? ff_str_from(rows->version) : version_behind(agent, at + token.len);
		return true;
	}
	return false;
}

bool
ff_agent_own_find(enum ff_agent_list list, struct ff_str agent, struct ff_agent_name *out)
{
	return table_find(list == FF_AGENT_BROWSERS ? own_browsers : own_systems, agent, out);
}

bool
ff_agent_coarse_find(enum ff_agent_list list, struct ff_str agent, struct ff_agent_name *out)
{
	return table_find(list == FF_AGENT_BROWSERS ? coarse_browsers : coarse_systems, agent, out);
}
