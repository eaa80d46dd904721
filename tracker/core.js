/* core.js - what every page needs: views, routes, events, engagement, and none of it lost on the way.
 *
 * Minified and compressed it must stay below 1,024 bytes, so it is terse, and all else is a module. docs/tracker.md
 * is for the owner of a page. The function that it leaves in window.footfall is what modules and pages share:
 *
 *   footfall(name, fields)  sends an event. Fields as in docs/events.md are added to those found here, or win over
 *                           them. A promise of the first answer (of undefined: none came), or undefined: not sent.
 *   footfall.script         the element whose data- attributes are the settings
 *   footfall.hooks          functions that see each event before it leaves; one that returns true keeps it back
 *   footfall.queue, .flush  events (JSON) that wait for another attempt, and the attempt
 *
 * Nothing in here may throw: a page never suffers from being counted. The build puts this file behind another one that
 * says what script, data, source, hooks and loadModule are.
 */
const early = window.footfall?.q;
const queue = [];
let route; // of the last view
let page; // what the last view said, for the engagement that follows
let since; // engagement is told up to then; Infinity while the page is hidden
let tries = 0;
let timer;

const flush = () => {
	timer = clearTimeout(timer);
	queue.splice(0).map(send);
};

/* 5xx: not stored; 429: too many. The text keeps its event id, so a repetition counts once. */
const send = async text => {
	let pause;
	try {
		const answer = await fetch(data.api || new URL('/api/event', source), { method: 'POST', keepalive: true, body: text });
		pause = answer.headers.get('retry-after');
		if (!/5..|429/.test(answer.status)) {
			tries = 0;
			flush();
			return answer;
		}
	} catch {}
	if (queue.length < 99)
		queue.push(text);
	timer ||= setTimeout(flush, 1e3 * (1 + Math.random()) * (pause | 0 || 2 ** tries++));
};

const track = (name, fields) => {
	try {
		if (/true|1/.test(localStorage.footfall_ignore + localStorage.plausible_ignore))
			return;
	} catch {} // where storage is forbidden nobody can have opted out in it
	try {
		const event = {
			u: location.href, // this order compresses best
			r: document.referrer,
			title: document.title,
			token: data.token,
			d: data.site || data.domain,
			item: data.item?.match(/((?<kind>.*?):)?(?<id>.+)/)?.groups,
			// Not crypto.randomUUID, which pages without TLS lack.
			event_id: 'xx-x-x-x-xxx'.replace(/x/g, () => Math.random().toString(16).slice(2, 6)),
			n: name,
			touch: navigator.maxTouchPoints,
			w: innerWidth,
			h: 'hash' in data,
			...fields
		};
		if (name == 'pageview') {
			engage();
			page = { u: event.u, item: event.item };
		}
		if (!hooks.some(hook => hook(event)))
			return send(JSON.stringify(event));
	} catch {}
};

/* Tells how long the page was seen, then looks whether it is another one. */
const engage = () => {
	const now = performance.now();
	const ms = now - since | 0;
	since = now / !document.hidden;
	if (ms > 99 && page)
		track('engagement', { ...page, e: ms });
	look();
};

/* A tab in the background and a prerendered page are viewed when they come to the front. (The latter is visible a moment
 * before it stops prerendering, and what it sends then is marked as a prefetch.) */
const look = () => {
	const here = [location.pathname, 'query' in data && location.search, 'hash' in data && location.hash] + '';
	if (!document.hidden && !document.prerendering && here != route) {
		route = here;
		data.manual ?? track('pageview');
	}
};

['pushState', 'replaceState'].map(name => {
	const original = history[name];
	history[name] = (...fields) => {
		original.apply(history, fields);
		look();
	};
});
['pagehide', 'popstate', 'visibilitychange', 'prerenderingchange'].map(type => addEventListener(type, engage, 1));
addEventListener('pageshow', event => event.persisted && look(route = 0));
addEventListener('online', flush);

window.footfall = Object.assign(track, { script, hooks, queue, flush });
engage();
early?.map(call => track(...call));
data.modules?.replace(/\w+/g, loadModule);
