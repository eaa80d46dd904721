// usage: plausible-tracker.cjs ORIGIN DOMAIN - plausible-tracker, with XMLHttpRequest, on a page of DOMAIN
(async () => {
	const { answered, open, packages, sleep } = await import("./browser.mjs");
	const [apiHost, domain] = process.argv.slice(2);
	const window = open(`https://www.${domain}/blog/post?utm_source=nl#top`, `<a id=out href="https://other.example/x">out</a>`);
	const Plausible = packages("plausible-tracker").default;
	const { trackEvent, trackPageview, enableAutoPageviews, enableAutoOutboundTracking } = Plausible({ domain, apiHost });

	process.env.NODE_ENV = "test"; // it would leave the page otherwise
	await answered((callback) => trackPageview({}, { callback: () => callback() }));
	await answered((callback) => trackEvent("Signup", { props: { plan: "pro", n: 3, ok: true }, callback }));
	enableAutoOutboundTracking();
	window.document.getElementById("out").dispatchEvent(new window.MouseEvent("click", { bubbles: true, cancelable: true }));
	await answered((callback) => Plausible({ domain, apiHost, hashMode: true }).trackEvent("pageview", { callback }));
	const stop = enableAutoPageviews();
	window.history.pushState({}, "", "/blog/next");
	stop();
	await sleep(600);
	process.exit(0);
})();
