// usage: goatcounter.mjs ORIGIN DOMAIN KEY - what GoatCounter's count.js and clients of its API ask, written after its
// documentation: an image, sendBeacon, and hits from a server
import { AGENT } from "./browser.mjs";

const [origin, domain, key] = process.argv.slice(2);
const headers = { "User-Agent": AGENT, "Accept-Language": "nl", Referer: `https://www.${domain}/` };
const count = async (method, fields) => {
	const query = new URLSearchParams({ ...fields, rnd: Math.random().toString(36).slice(2, 7) });
	const answer = await fetch(`${origin}/count?${query}`, { method, headers });
	return [answer.status, answer.headers.get("content-type"), (await answer.arrayBuffer()).byteLength, answer.headers.get("x-goatcounter")];
};
const said = [
	await count("GET", { p: "/post?x=1", t: "Post", r: "https://www.google.com/", q: "?utm_campaign=spring", s: "1920,1080,2", b: 0 }),
	await count("POST", { p: "click-buy", t: "Buy", e: "true", s: "1920,1080,2" }),
	await count("GET", { p: "/robot", b: 151 }),
	await count("GET", { t: "no path" }),
];
const api = await fetch(`${origin}/api/v0/count`, { method: "POST", headers: {
	"Content-Type": "application/json", Authorization: `Bearer ${key}`, "User-Agent": "some-server/1.0" }, body: JSON.stringify({ hits: [
	{ path: "/server", title: "Server", user_agent: AGENT, ip: "203.0.113.9", location: "NL", language: "nl", ref: "https://news.example/",
		size: "800,600,1", created_at: new Date(Date.now() - 60e3).toISOString() },
	{ path: "/nobody" },
	{ path: "bought", event: true, session: "s1" },
] }) });
console.log(JSON.stringify({ said, api: [api.status, await api.json()] }));
