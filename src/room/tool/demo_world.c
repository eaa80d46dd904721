#include "room/tool/demo_world.h"

#include <stddef.h>

static const struct demo_page pages[] = {
	{ 20, 40, "/", NULL, NULL, NULL, NULL, NULL },
	{ 14, 6, "/watch/tide-pools", "video", "tide-pools", "What lives in a tide pool", "mara", "sea" },
	{ 12, 8, "/watch/night-ferry", "video", "night-ferry", "The night ferry", "mara", "sea" },
	{ 7, 4, "/watch/lighthouse", "video", "lighthouse", "A lighthouse from inside", "jonas", "sea" },
	{ 5, 2, "/watch/salt", "video", "salt", "How salt is made", "jonas", "craft" },
	{ 11, 12, "/posts/bread-without-scales", "post", "bread-without-scales", "Bread without scales", "ines", "kitchen" },
	{ 8, 9, "/posts/a-small-server", "post", "a-small-server", "A year on a small server", "tomas", "notes" },
	{ 6, 7, "/posts/maps-of-sound", "post", "maps-of-sound", "Maps of sound", "ines", "notes" },
	{ 4, 2, "/posts/slow-letters", "post", "slow-letters", "Slow letters", "tomas", "notes" },
	{ 6, 3, "/art/blue-hour", "artwork", "blue-hour", "Blue hour", "lena", "harbour" },
	{ 4, 1, "/art/crane-study", "artwork", "crane-study", "Study of a crane", "lena", "harbour" },
	{ 3, 1, "/art/paper-boats", "artwork", "paper-boats", "Paper boats", "lena", "harbour" },
	{ 5, 1, "/collections/sea", "collection", "sea", "The sea", "mara", "" },
	{ 3, 1, "/collections/harbour", "collection", "harbour", "Harbour", "lena", "" },
	{ 5, 2, "/shop/print-blue-hour", "product", "print-blue-hour", "Print: Blue hour", "lena", "prints" },
	{ 3, 1, "/shop/notebook", "product", "notebook", "Notebook", "shop", "paper" },
	{ 5, 1, "/about", NULL, NULL, NULL, NULL, NULL },
	{ 3, 0, "/contact", NULL, NULL, NULL, NULL, NULL },
	{ 2, 1, "/archive/2025", NULL, NULL, NULL, NULL, NULL },
};

static const struct demo_place places[] = {
	{ 24, "DE", "de-DE" }, { 19, "US", "en-US" }, { 10, "GB", "en-GB" }, { 8, "FR", "fr-FR" }, { 7, "NL", "nl-NL" },
	{ 6, "AT", "de-AT" }, { 5, "CH", "de-CH" }, { 4, "ES", "es-ES" }, { 4, "IT", "it-IT" }, { 3, "PL", "pl-PL" },
	{ 3, "SE", "sv-SE" }, { 3, "CA", "en-CA" }, { 2, "BR", "pt-BR" }, { 2, "JP", "ja-JP" }, { 2, "IN", "en-IN" },
	{ 1, "AU", "en-AU" }, { 1, "ZA", "en-ZA" }, { 1, "KE", "sw-KE" },
};

static const struct demo_origin origins[] = {
	{ 34, "", "" },
	{ 26, "https://www.google.com/", "" },
	{ 5, "https://duckduckgo.com/", "" },
	{ 4, "https://www.bing.com/", "" },
	{ 6, "https://www.youtube.com/", "" },
	{ 5, "https://www.reddit.com/r/cooking/", "" },
	{ 4, "https://mastodon.social/", "" },
	{ 4, "https://t.co/abc", "" },
	{ 3, "https://chatgpt.com/", "" },
	{ 2, "https://news.ycombinator.com/item", "" },
	{ 2, "https://blog.example.org/links", "" },
	{ 4, "", "?utm_source=newsletter&utm_medium=email&utm_campaign=november-letter" },
	{ 2, "https://www.facebook.com/", "?utm_source=facebook&utm_medium=paid_social&utm_campaign=prints" },
};

static const struct {
	unsigned    weight;
	const char *agent;
} agents[] = {
	{ 26, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
	      "Safari/537.36" },
	{ 20, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile "
	      "Safari/537.36" },
	{ 19, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
	      "Mobile/15E148 Safari/604.1" },
	{ 9, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
	     "Safari/605.1.15" },
	{ 7, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0" },
	{ 6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
	     "Edg/142.0.0.0" },
	{ 3, "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 "
	     "Mobile/15E148 Safari/604.1" },
	{ 2, "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV "
	     "Safari/537.36" },
	{ 4, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" },
	{ 2, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)" },
	{ 2, "python-requests/2.32.3" },
};

static const unsigned hours[24] = { 8, 5, 3, 2, 2, 4, 9, 18, 27, 32, 34, 35, 36, 34, 33, 33, 35, 38, 42, 48, 50, 44,
	30, 16 };

/* Index of a weighted row; weight_at(i) is handed in as an array of weights with a stride. */
static size_t
draw(struct ff_dice *dice, const void *weights, size_t n, size_t stride)
{
	unsigned sum = 0, at;

	for (size_t i = 0; i < n; i++)
		sum += *(const unsigned *)(const void *)((const char *)weights + i * stride);
	at = ff_dice_below(dice, sum);
	for (size_t i = 0; i < n; i++) {
		unsigned w = *(const unsigned *)(const void *)((const char *)weights + i * stride);

		if (at < w)
			return i;
		at -= w;
	}
	return 0;
}
#define DRAW(dice, table, field) draw((dice), &(table)[0].field, sizeof(table) / sizeof *(table), sizeof *(table))

const struct demo_page *
ff_demo_page(struct ff_dice *dice, bool entry)
{
	return &pages[entry ? DRAW(dice, pages, entry_weight) : DRAW(dice, pages, weight)];
}

const struct demo_place *
ff_demo_place(struct ff_dice *dice)
{
	return &places[DRAW(dice, places, weight)];
}

const struct demo_origin *
ff_demo_origin(struct ff_dice *dice)
{
	return &origins[DRAW(dice, origins, weight)];
}

const struct demo_origin *
ff_demo_direct(void)
{
	return &origins[0];
}

const char *
ff_demo_agent(struct ff_dice *dice)
{
	return agents[DRAW(dice, agents, weight)].agent;
}

int
ff_demo_hour(struct ff_dice *dice)
{
	return (int)draw(dice, hours, 24, sizeof *hours);
}
