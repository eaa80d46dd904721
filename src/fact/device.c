#include "fact/device.h"

#include "base/limits.h"

#include <stddef.h>

/* Rows are tried from top to bottom: the rare and certain words first, "Android without Mobile" behind all
 * phones, plain systems last. Contained, ASCII case ignored; without: not if that is contained too. */
static const struct {
	const char    *token, *without;
	enum ff_device device;
} rules[] = {
	/* Games consoles; their browsers also say Mobile, TV or Windows. */
	{ "playstation", NULL, FF_DEVICE_CONSOLE },
	{ "nintendo", NULL, FF_DEVICE_CONSOLE },
	{ "xbox", "xblwp7", FF_DEVICE_CONSOLE },
	{ "steam deck", NULL, FF_DEVICE_CONSOLE },
	{ "ouya", NULL, FF_DEVICE_CONSOLE },
	/* Television: sets, boxes and sticks. */
	{ "smart-tv", NULL, FF_DEVICE_TV },
	{ "smarttv", NULL, FF_DEVICE_TV },
	{ "smart tv", NULL, FF_DEVICE_TV },
	{ "hbbtv", NULL, FF_DEVICE_TV },
	{ "appletv", NULL, FF_DEVICE_TV },
	{ "apple tv", NULL, FF_DEVICE_TV },
	{ "googletv", NULL, FF_DEVICE_TV },
	{ "google tv", NULL, FF_DEVICE_TV },
	{ "android tv", NULL, FF_DEVICE_TV },
	{ "androidtv", NULL, FF_DEVICE_TV },
	{ "netcast", NULL, FF_DEVICE_TV },
	{ "web0s", NULL, FF_DEVICE_TV },
	{ "webos.tv", NULL, FF_DEVICE_TV },
	{ "bravia", NULL, FF_DEVICE_TV },
	{ "viera", NULL, FF_DEVICE_TV },
	{ "aquosbrowser", NULL, FF_DEVICE_TV },
	{ "inettvbrowser", NULL, FF_DEVICE_TV },
	{ "dtv/", NULL, FF_DEVICE_TV },
	{ "ce-html", NULL, FF_DEVICE_TV },
	{ "crkey", NULL, FF_DEVICE_TV },
	{ "roku", NULL, FF_DEVICE_TV },
	{ "; aft", NULL, FF_DEVICE_TV }, /* Amazon's sticks: AFTS, AFTMM, AFTKA ... */
	{ "mitv", NULL, FF_DEVICE_TV },
	{ "mibox", NULL, FF_DEVICE_TV },
	{ "shield android", NULL, FF_DEVICE_TV },
	{ "large screen", NULL, FF_DEVICE_TV },
	{ "tv safari", NULL, FF_DEVICE_TV },
	{ "vidaa", NULL, FF_DEVICE_TV },
	{ "opera tv", NULL, FF_DEVICE_TV },
	{ "philipstv", NULL, FF_DEVICE_TV },
	/* Media players. */
	{ "ipod", NULL, FF_DEVICE_PLAYER },
	{ "walkman", NULL, FF_DEVICE_PLAYER },
	{ "zunehd", NULL, FF_DEVICE_PLAYER },
	{ "galaxy player", NULL, FF_DEVICE_PLAYER },
	/* Tablets that say so. */
	{ "ipad", NULL, FF_DEVICE_TABLET },
	{ "tablet", "tablet pc", FF_DEVICE_TABLET },
	{ "playbook", NULL, FF_DEVICE_TABLET },
	{ "kindle", NULL, FF_DEVICE_TABLET },
	{ "hpwos", NULL, FF_DEVICE_TABLET },
	{ "nexus 7", NULL, FF_DEVICE_TABLET },
	{ "nexus 9", NULL, FF_DEVICE_TABLET },
	{ "nexus 10", NULL, FF_DEVICE_TABLET },
	{ "sm-t", NULL, FF_DEVICE_TABLET },
	{ "sm-x", NULL, FF_DEVICE_TABLET },
	{ "gt-p", NULL, FF_DEVICE_TABLET },
	{ "galaxy tab", NULL, FF_DEVICE_TABLET },
	{ "mediapad", NULL, FF_DEVICE_TABLET },
	{ "matepad", NULL, FF_DEVICE_TABLET },
	/* Phones. */
	{ "iphone", NULL, FF_DEVICE_MOBILE },
	{ "windows phone", NULL, FF_DEVICE_MOBILE },
	{ "iemobile", NULL, FF_DEVICE_MOBILE },
	{ "android", "mobile", FF_DEVICE_TABLET },
	{ "android", NULL, FF_DEVICE_MOBILE },
	{ "mobile", NULL, FF_DEVICE_MOBILE },
	{ "opera mini", NULL, FF_DEVICE_MOBILE },
	{ "opera mobi", NULL, FF_DEVICE_MOBILE },
	{ "blackberry", NULL, FF_DEVICE_MOBILE },
	{ "bb10", NULL, FF_DEVICE_MOBILE },
	{ "symbian", NULL, FF_DEVICE_MOBILE },
	{ "series60", NULL, FF_DEVICE_MOBILE },
	{ "series40", NULL, FF_DEVICE_MOBILE },
	{ "nokia", NULL, FF_DEVICE_MOBILE },
	{ "kaios", NULL, FF_DEVICE_MOBILE },
	{ "webos", NULL, FF_DEVICE_MOBILE },
	{ "maemo", NULL, FF_DEVICE_MOBILE },
	{ "meego", NULL, FF_DEVICE_MOBILE },
	{ "bada/", NULL, FF_DEVICE_MOBILE },
	{ "midp", NULL, FF_DEVICE_MOBILE },
	{ "j2me", NULL, FF_DEVICE_MOBILE },
	{ "wap", NULL, FF_DEVICE_MOBILE },
	{ "up.browser", NULL, FF_DEVICE_MOBILE },
	{ "obigo", NULL, FF_DEVICE_MOBILE },
	{ "docomo", NULL, FF_DEVICE_MOBILE },
	{ "kddi", NULL, FF_DEVICE_MOBILE },
	{ "softbank", NULL, FF_DEVICE_MOBILE },
	{ "palmos", NULL, FF_DEVICE_MOBILE },
	{ "palmsource", NULL, FF_DEVICE_MOBILE },
	{ "windows ce", NULL, FF_DEVICE_MOBILE },
	{ "fennec", NULL, FF_DEVICE_MOBILE },
	{ "harmony", NULL, FF_DEVICE_MOBILE },
	/* Desktops: the plain systems. */
	{ "windows", NULL, FF_DEVICE_DESKTOP },
	{ "macintosh", NULL, FF_DEVICE_DESKTOP },
	{ "mac os", NULL, FF_DEVICE_DESKTOP },
	{ "mac_powerpc", NULL, FF_DEVICE_DESKTOP },
	{ "cros ", NULL, FF_DEVICE_DESKTOP },
	{ "tizen", NULL, FF_DEVICE_TV },
	{ "x11", NULL, FF_DEVICE_DESKTOP },
	{ "linux", NULL, FF_DEVICE_DESKTOP },
	{ "bsd", NULL, FF_DEVICE_DESKTOP },
	{ "sunos", NULL, FF_DEVICE_DESKTOP },
	{ "haiku", NULL, FF_DEVICE_DESKTOP },
	{ "os/2", NULL, FF_DEVICE_DESKTOP },
	{ "amiga", NULL, FF_DEVICE_DESKTOP },
	{ "win98", NULL, FF_DEVICE_DESKTOP },
	{ "win95", NULL, FF_DEVICE_DESKTOP },
};

static bool
holds(struct ff_str low, const char *token)
{
	return ff_str_find(low, ff_str_from(token)) < low.len;
}

enum ff_device
ff_device_of_agent(struct ff_str user_agent)
{
	char          low[FF_AGENT_MAX];
	struct ff_str text = ff_str_sub(user_agent, 0, sizeof(low));

	for (size_t i = 0; i < text.len; i++)
		low[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] | 0x20 : text.p[i]);
	text.p = low;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (holds(text, rules[i].token) && (rules[i].without == NULL || !holds(text, rules[i].without)))
			return rules[i].device;
	return FF_DEVICE_UNKNOWN;
}
