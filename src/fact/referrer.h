/* referrer.h - where a visit came from: referrer -> source and channel; campaign parameters.
 *
 * Own table of hosts (search, social, video, mail, AI assistants, ...), matched by registered domain
 * (public suffix list) and by full host where one domain holds several services. */
#ifndef FF_FACT_REFERRER_H
#define FF_FACT_REFERRER_H

#include "base/err.h"
#include "fact/event.h"

struct ff_campaign {
	struct ff_str source, medium, name, content, term; /* utm_*; source also from ?source= and ?ref= */
	struct ff_str click_id; /* the parameter's name: "gclid", "fbclid", ...; never its value */
};

/* From the query string of the page's URL; values decoded into arena, cut to FF_UTM_MAX, cleaned. */
void ff_campaign_read(struct ff_arena *arena, struct ff_str query, struct ff_campaign *out);

struct ff_origin {
	struct ff_str   referrer; /* host[/path], no scheme, no query, no www. */
	struct ff_str   source;
	enum ff_channel channel;
};

/* own_host: the page's host; a referrer of the same registered domain, of localhost, or of a scheme other than
 * http, https and android-app is none. Source: utm_source, else the referrer, else the network of the click id;
 * the table's name, else as it came. Channel: paid if a click id or utm_medium (cpc, ppc, paid...) says so; else
 * what utm_medium says (email, affiliate, display, social ...); else the source's; else referral, else direct. */
void ff_origin_find(struct ff_arena *arena, struct ff_str referrer, struct ff_str own_host,
    const struct ff_campaign *campaign, struct ff_origin *out);

const char *ff_channel_name(enum ff_channel channel); /* "Organic Search", as Plausible writes it */
const char *ff_device_name(enum ff_device device);    /* "Desktop" */
/* The registered domain of a lower-case host ("example.co.uk"; a.github.io of x.a.github.io, as its sites belong to
 * different people); the host itself where there is none: addresses, suffixes, single names. fact/domain.c */
struct ff_str ff_domain_registered(struct ff_arena *arena, struct ff_str host);

#endif
