/* plausible.js - becomes public/script.js: for pages that carry Plausible's snippet. It is the whole tracker behind that
 * snippet's words: the names in the file's own name (script.hash.outbound-links.js), data-domain, data-api, data-include,
 * data-exclude, event-NAME="value", and window.plausible with its queue; or pa-ID.js with plausible.init(options). */
const script = document.currentScript || document.documentElement;
const data = script.dataset;
const source = script.src || location.href;
const file = source.split(/[?#]/)[0].split('/').pop();
const has = word => file.split('.').includes(word);
const early = window.plausible;
const waiting = early?.q || [];
const hooks = [];
const local = () => /^localhost$|^127(\.\d+){0,2}\.\d+$|^\[::1?\]$/.test(location.hostname) || location.protocol == 'file:';
let onLocalhost = has('local');

/* "/blog/*, /a/**": a star stands for anything within a part of the path, two for anything at all. */
const matches = (patterns, path) => patterns.split(',').some(pattern => RegExp('^' + pattern.trim()
	.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, stars => stars == '*' ? '[^/]*' : '.*') + '/?$').test(path));
const excluded = url => {
	const { pathname, hash } = new URL(url, location.href);
	const path = pathname + ('hash' in data ? hash : '');
	return data.include && !matches(data.include, path) || data.exclude && matches(data.exclude, path);
};
hooks.push(event => local() && !onLocalhost || /^(pageview|engagement)$/.test(event.n) && excluded(event.u));

/* Properties of every event: event-author="jane" at the script. */
hooks.push(event => {
	const props = {};
	for (const { name, value } of script.attributes)
		if (name.startsWith('event-'))
			props[name.slice(6)] = value;
	if (event.n != 'engagement' && Object.keys(props).length)
		event.props = { ...props, ...event.props };
});

const plausible = (name, { callback, ...fields } = {}) => {
	const answer = window.footfall(name, fields);
	if (typeof callback == 'function')
		Promise.resolve(answer).then(result => callback(
			result ? { status: result.status } : { error: Error(answer ? 'no answer' : 'not sent') }));
};
const takeOver = () => {
	plausible.l = true;
	plausible.init = start;
	window.plausible = plausible;
	waiting.forEach(call => plausible(...call));
};

/* The options of plausible.init as hooks and settings. */
const apply = options => {
	const { endpoint, domain, customProperties, transformRequest, fileDownloads } = options;
	if (endpoint)
		data.api = endpoint;
	if (domain)
		data.domain = domain;
	if (options.hashBasedRouting)
		data.hash = '';
	if (options.autoCapturePageviews === false)
		data.manual = '';
	if (fileDownloads?.fileExtensions)
		data.downloads = fileDownloads.fileExtensions.join(' ');
	onLocalhost ||= !!options.captureOnLocalhost;
	if (customProperties)
		hooks.push(event => {
			const props = typeof customProperties == 'function' ? customProperties(event.n) : customProperties;
			event.props = { ...props, ...event.props };
		});
	if (transformRequest)
		hooks.push(event => {
			const short = { props: 'p', revenue: '$', interactive: 'i', meta: 'm' }; // the names that it knows
			const other = transformRequest(Object.fromEntries(Object.entries(event).map(([key, value]) => [short[key] || key, value])));
			if (!other)
				return true;
			Object.keys(event).forEach(key => delete event[key]);
			Object.assign(event, other);
		});
	return ['scroll', 'interactions', options.outboundLinks !== false && 'outbound', fileDownloads !== false && 'downloads',
		options.formSubmissions !== false && 'forms'].filter(Boolean).join(' ');
};
const named = () => {
	if (has('hash'))
		data.hash = '';
	if (has('manual'))
		data.manual = '';
	const types = script.getAttribute('file-types');
	const more = script.getAttribute('add-file-types');
	if (types)
		data.downloads = types.replace(/,/g, ' ');
	return ['scroll', has('tagged-events') && 'interactions', has('outbound-links') && 'outbound',
		has('file-downloads') && 'downloads', has('form-submissions') && 'forms'].filter(Boolean).join(' ');
};

let started = false;
const start = options => {
	if (started)
		return;
	started = true;
	data.modules = options ? apply(options) : named();
	core();
	takeOver();
};

if (!file.startsWith('pa-'))
	start();
else if (early?.o)
	start(early.o);
else // plausible.init comes later
	window.plausible = Object.assign((...call) => waiting.push(call), { init: (options = {}) => start(options) });
