// A page in jsdom whose globals a tracker finds, as it would in a browser. What jsdom lacks is lent to it: fetch (Node's,
// with the headers that a browser sets), ResizeObserver, and the height of a page that is never laid out.
import { createRequire } from "node:module";

export const packages = createRequire(process.env.NODE_PATH + "/");
const { JSDOM, ResourceLoader } = packages("jsdom");

export const AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const answers = []; // of fetch, in order
const fetchOfNode = globalThis.fetch;

export function open(url, body = "") {
	const { window } = new JSDOM(`<!doctype html><title>Post</title><body>${body}</body>`, {
		url, referrer: "https://t.co/abc", pretendToBeVisual: true,
		resources: new ResourceLoader({ userAgent: AGENT }),
	});
	Object.defineProperty(window.document.documentElement, "scrollHeight", { value: 2 * window.innerHeight });
	window.document.hasFocus = () => true;
	window.ResizeObserver = class { observe() {} };
	window.fetch = async (address, options = {}) => {
		const lent = process.env.PLAIN_FETCH ? {} : { "User-Agent": AGENT, "Accept-Language": "de-CH,de;q=0.9",
			Origin: window.location.origin, Referer: window.location.origin + "/" };
		const answer = await fetchOfNode(address, { ...options, headers: { ...options.headers, ...lent } });
		answers.push(answer.status);
		return answer;
	};
	const names = ["window", "document", "location", "history", "navigator", "localStorage", "XMLHttpRequest", "fetch",
		"ResizeObserver", "HTMLAnchorElement", "MutationObserver", "addEventListener", "removeEventListener"];
	const values = Object.fromEntries(names.map((name) => [name, name === "window" ? window : window[name]]));
	const bound = (value) => typeof value === "function" && /Listener$/.test(value.name) ? value.bind(window) : value;
	for (const name of names)
		Object.defineProperty(globalThis, name, { value: bound(values[name]), configurable: true, writable: true });
	return window;
}

// Resolves when the tracker's callback came, with what it was told.
export const answered = (send) => new Promise((done) => send(done));
