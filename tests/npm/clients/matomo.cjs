// usage: matomo.cjs URL SITE KEY - matomo-tracker: one by one and in bulk, with and without a key
(async () => {
	const { AGENT, packages, sleep } = await import("./browser.mjs");
	const [url, site, token_auth] = process.argv.slice(2);
	const MatomoTracker = packages("matomo-tracker");
	const matomo = new MatomoTracker(Number(site), url);
	const bulk = (events) => new Promise((done) => matomo.trackBulk(events, done));
	const page = (path) => `https://www.m.example${path}`;
	const errors = [];

	matomo.on("error", (error) => errors.push(String(error)));
	matomo.track({ url: page("/a?mtm_campaign=spring"), action_name: "A", urlref: "https://www.google.com/", res: "1280x1024", lang: "de",
		ua: AGENT, dimension1: "red", cvar: JSON.stringify({ 1: ["plan", "pro"] }), uid: "u7", _id: "0123456789abcdef" });
	matomo.track(page("/server"));
	await sleep(600);
	const said = [await bulk([
		{ url: page("/b"), e_c: "Video", e_a: "play", e_n: "intro", e_v: 12, ua: AGENT },
		{ url: page("/b"), link: "https://other.example/x", ua: AGENT },
		{ url: page("/b"), download: page("/a.pdf"), ua: AGENT },
		{ url: page("/b"), search: "red shoes", search_cat: "shop", search_count: 7, ua: AGENT },
		{ url: page("/b"), idgoal: 0, ec_id: "A1", revenue: 120.5, currency: "EUR", ua: AGENT },
		{ url: page("/b"), c_n: "Banner", c_p: "img.png", c_t: "https://other.example/", ua: AGENT },
		{ url: page("/b"), ma_id: "a1b2c3", ma_ti: "Intro", ma_re: page("/v.mp4"), ma_mt: "video", ma_st: 30, ma_le: 60, ma_ps: 45,
			ma_se: "0,15", ua: AGENT },
		{ url: page("/b"), ping: 1, pf_srv: 100, ua: AGENT },
	]), await bulk([{ url: page("/c"), cip: "203.0.113.9" }]),
	await bulk([{ url: page("/d"), cip: "203.0.113.9", cdt: Math.floor(Date.now() / 1000) - 60, country: "ch", uid: "u7", ua: AGENT, token_auth }])];
	console.log(JSON.stringify({ errors, said: said.map((text) => JSON.parse(text)) }));
})();
