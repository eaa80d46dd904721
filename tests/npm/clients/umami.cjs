// usage: umami.cjs ORIGIN WEBSITE HOSTNAME - @umami/node as a server uses it, and told whose browser it speaks for
(async () => {
	const { AGENT, packages } = await import("./browser.mjs");
	const [hostUrl, websiteId, hostname] = process.argv.slice(2);
	const { Umami } = packages("@umami/node");
	const server = new Umami({ hostUrl, websiteId });
	const visitor = new Umami({ hostUrl, websiteId, userAgent: AGENT });
	const said = [];
	const say = async (answer) => said.push([answer.status, Object.keys(await answer.json()).join()]);

	await say(await server.track("signup", { plan: "pro", n: 3, address: { city: "Bern" } }));
	await say(await server.identify({ role: "editor" }));
	await say(await visitor.track({ url: "/home?utm_source=nl", title: "Home", hostname, referrer: "https://www.google.com/",
		language: "de-CH", screen: "1920x1080", tag: "v2", id: "u7" }));
	await say(await visitor.track({ url: "/home", hostname, name: "buy", data: { revenue: 12.5, currency: "EUR" } }));
	await say(await visitor.send({ website: websiteId, url: "/home", hostname, lcp: 1250, cls: 0.12 }, "performance"));
	await say(await new Umami({ hostUrl, websiteId: "00000000-0000-4000-8000-000000000000" }).track("lost"));
	console.log(JSON.stringify(said));
})();
