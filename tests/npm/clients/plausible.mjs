// usage: plausible.mjs ENDPOINT DOMAIN - @plausible-analytics/tracker on a page of DOMAIN
import { pathToFileURL } from "node:url";
import { answered, answers, open, packages, sleep } from "./browser.mjs";

const [endpoint, domain] = process.argv.slice(2);
const window = open(`https://www.${domain}/blog/post?utm_source=nl&utm_campaign=spring#top`,
	`<a id=out href="https://other.example/x">out</a> <a id=file href="https://www.${domain}/a.pdf">file</a>
	<form id=form action="/next"><input name=q></form>`);
window.document.addEventListener("click", (event) => setTimeout(() => event.preventDefault())); // jsdom cannot navigate
const { init, track } = await import(pathToFileURL(packages.resolve("@plausible-analytics/tracker")));
const click = (id) => window.document.getElementById(id).dispatchEvent(
	new window.MouseEvent("click", { bubbles: true, cancelable: true }));

init({ domain, endpoint, outboundLinks: true, fileDownloads: true, formSubmissions: true, customProperties: { author: "jane" } });
const told = [];
told.push(await answered((callback) => track("Play", { props: { video: "v42", pct: 50 }, interactive: false, callback })));
told.push(await answered((callback) => track("Purchase", { revenue: { currency: "USD", amount: "9.99" }, callback })));
click("out");
click("file");
window.document.getElementById("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
await sleep(600);
window.history.pushState({}, "", "/blog/next");
await sleep(600);
console.log(JSON.stringify({ told: told.map((one) => one.status), answers }));
process.exit(0);
