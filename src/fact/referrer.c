#include "fact/referrer.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "fact/domain.h"
#include "fact/source.h"
#include "wire/url.h"

#include <string.h>

/* What a click identifier says: who added it. Unpaid links carry some of them too. */
static const struct click {
	const char     *id;
	bool            paid;
	const char     *source;
	enum ff_channel channel;
} clicks[] = {
	{ "gclid", true, "Google", FF_CHANNEL_SEARCH },
	{ "gbraid", true, "Google", FF_CHANNEL_SEARCH },
	{ "wbraid", true, "Google", FF_CHANNEL_SEARCH },
	{ "dclid", true, "Google", FF_CHANNEL_DISPLAY },
	{ "msclkid", true, "Bing", FF_CHANNEL_SEARCH },
	{ "yclid", true, "Yandex", FF_CHANNEL_SEARCH },
	{ "twclid", true, "X", FF_CHANNEL_SOCIAL },
	{ "ttclid", true, "TikTok", FF_CHANNEL_SOCIAL },
	{ "li_fat_id", true, "LinkedIn", FF_CHANNEL_SOCIAL },
	{ "rdt_cid", true, "Reddit", FF_CHANNEL_SOCIAL },
	{ "fbclid", false, "Facebook", FF_CHANNEL_SOCIAL },
};

/* What utm_medium says for itself. */
static const struct medium {
	const char     *word;
	enum ff_channel channel;
} mediums[] = {
	{ "affiliate", FF_CHANNEL_AFFILIATE },
	{ "affiliates", FF_CHANNEL_AFFILIATE },
	{ "display", FF_CHANNEL_DISPLAY },
	{ "banner", FF_CHANNEL_DISPLAY },
	{ "expandable", FF_CHANNEL_DISPLAY },
	{ "interstitial", FF_CHANNEL_DISPLAY },
	{ "cpm", FF_CHANNEL_DISPLAY },
	{ "email", FF_CHANNEL_EMAIL },
	{ "e-mail", FF_CHANNEL_EMAIL },
	{ "e_mail", FF_CHANNEL_EMAIL },
	{ "e mail", FF_CHANNEL_EMAIL },
	{ "mail", FF_CHANNEL_EMAIL },
	{ "newsletter", FF_CHANNEL_EMAIL },
	{ "organic", FF_CHANNEL_SEARCH },
	{ "social", FF_CHANNEL_SOCIAL },
	{ "social-network", FF_CHANNEL_SOCIAL },
	{ "social-media", FF_CHANNEL_SOCIAL },
	{ "social network", FF_CHANNEL_SOCIAL },
	{ "social media", FF_CHANNEL_SOCIAL },
	{ "social_network", FF_CHANNEL_SOCIAL },
	{ "social_media", FF_CHANNEL_SOCIAL },
	{ "sm", FF_CHANNEL_SOCIAL },
	{ "video", FF_CHANNEL_VIDEO },
	{ "shopping", FF_CHANNEL_SHOPPING },
};

static bool
medium_is_paid(struct ff_str medium)
{
	static const char *const words[] = { "cpc", "cpa", "cpl", "cpm", "cpp", "cpv", "ppc", "ppv", "pmax", "sem",
		"retargeting", "remarketing", "ads" };

	if (ff_str_starts_nocase(medium, FF_STR("paid")))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ff_str_eq_nocase(medium, ff_str_from(words[i])))
			return true;
	return false;
}

static const struct medium *
medium_find(struct ff_str medium)
{
	for (size_t i = 0; i < sizeof(mediums) / sizeof(mediums[0]); i++)
		if (ff_str_eq_nocase(medium, ff_str_from(mediums[i].word)))
			return &mediums[i];
	return NULL;
}

static const struct click *
click_find(struct ff_str id)
{
	for (size_t i = 0; i < sizeof(clicks) / sizeof(clicks[0]); i++)
		if (ff_str_eqz(id, clicks[i].id))
			return &clicks[i];
	return NULL;
}

static enum ff_channel
paid_channel(enum ff_channel organic)
{
	switch (organic) {
	case FF_CHANNEL_SEARCH:
		return FF_CHANNEL_PAID_SEARCH;
	case FF_CHANNEL_SOCIAL:
		return FF_CHANNEL_PAID_SOCIAL;
	case FF_CHANNEL_PAID_SEARCH: /* hosts that serve advertisements alone */
	case FF_CHANNEL_PAID_SOCIAL:
	case FF_CHANNEL_DISPLAY:
	case FF_CHANNEL_AFFILIATE:
		return organic;
	default:
		return FF_CHANNEL_PAID_OTHER;
	}
}

static bool
is_local(struct ff_str host)
{
	return ff_str_eqz(host, "localhost") || ff_str_ends(host, FF_STR(".localhost")) || ff_str_eqz(host, "[::1]")
	       || (ff_str_starts(host, FF_STR("127.")) && ff_host_is_address(host));
}

static bool
is_own(struct ff_arena *arena, struct ff_str host, struct ff_str own_host)
{
	struct ff_str own = ff_url_host_bare(arena, own_host);

	return own.len > 0 && ff_str_eq(ff_domain_registered(arena, host), ff_domain_registered(arena, own));
}

/* host, or host/path: valid, bounded. */
static struct ff_str
referrer_text(struct ff_arena *arena, struct ff_str host, struct ff_str path)
{
	struct ff_str text = host;

	if (!ff_str_eqz(path, "/"))
		text = ff_str_printf(arena, "%.*s%.*s", FF_STR_ARG(host), FF_STR_ARG(path));
	return ff_utf8_cut(ff_utf8_clean(arena, text), FF_LABEL_MAX);
}

/* Fills referrer and source from the referrer alone. False: none worth keeping. */
static bool
judge_referrer(struct ff_arena *arena, struct ff_str text, struct ff_str own_host, struct ff_origin *out,
    struct ff_source *source)
{
	struct ff_url url;
	bool          app;
	struct ff_str host;

	if (text.len == 0 || ff_url_parse(arena, text, &url) != FF_OK || url.host.len == 0)
		return false;
	app = ff_str_eqz(url.scheme, "android-app");
	if (!app && !ff_str_eqz(url.scheme, "http") && !ff_str_eqz(url.scheme, "https"))
		return false;
	host = app ? url.host : ff_url_host_bare(arena, url.host);
	if (host.len == 0 || (!app && (is_local(host) || is_own(arena, host, own_host))))
		return false;
	out->referrer = referrer_text(arena, host, url.path);
	if (app)
		(void)ff_source_of_app(arena, host, source);
	else
		(void)ff_source_of_host(arena, host, source);
	return true;
}

/* organic: the channel of the source, FF_CHANNEL_DIRECT without one. */
static enum ff_channel
channel_of(const struct ff_campaign *campaign, enum ff_channel organic)
{
	const struct click  *click = click_find(campaign->click_id);
	const struct medium *medium = medium_find(campaign->medium);

	if ((click != NULL && click->paid) || medium_is_paid(campaign->medium)) {
		enum ff_channel paid = paid_channel(organic);

		/* "cpm" is the word of display advertising, but on search and social pages it is theirs. */
		return paid == FF_CHANNEL_PAID_OTHER && medium != NULL && medium->channel == FF_CHANNEL_DISPLAY
		           ? FF_CHANNEL_DISPLAY
		           : paid;
	}
	if (medium == NULL)
		return organic;
	if (medium->channel == FF_CHANNEL_SEARCH && organic != FF_CHANNEL_DIRECT && organic != FF_CHANNEL_REFERRAL)
		return organic; /* "organic" says unpaid; the source knows better where */
	return medium->channel;
}

void
ff_origin_find(struct ff_arena *arena, struct ff_str referrer, struct ff_str own_host,
    const struct ff_campaign *campaign, struct ff_origin *out)
{
	struct ff_source    source = { FF_STR(""), FF_CHANNEL_DIRECT };
	const struct click *click = click_find(campaign->click_id);

	*out = (struct ff_origin){ FF_STR(""), FF_STR(""), FF_CHANNEL_DIRECT };
	if (!judge_referrer(arena, referrer, own_host, out, &source) && click != NULL)
		source = (struct ff_source){ ff_str_from(click->source), click->channel };
	if (campaign->source.len > 0)
		(void)ff_source_of_utm(arena, campaign->source, &source);
	out->source = ff_utf8_cut(ff_utf8_clean(arena, source.name), FF_LABEL_MAX);
	out->channel = channel_of(campaign, source.channel);
}
