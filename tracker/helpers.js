/* helpers.js - what several modules need; the build leaves out what a file does not use. */

/* The item that an element is about, or stands in. */
const itemOf = element => {
	const match = element.closest('[data-footfall-item]')?.dataset.footfallItem.match(/((?<kind>.*?):)?(?<id>.+)/);
	return match ? { ...match.groups } : undefined;
};

/* Runs now, unless the page is yet to be seen, and behind each later view, when the page has had time to change. */
const onView = (footfall, run) => {
	footfall.hooks.push(event => {
		if (event.n == 'pageview')
			setTimeout(run);
	});
	if (!document.hidden)
		run();
};

/* Left and middle clicks on links. Capturing, so that a page's own handlers cannot keep them from us. */
const onLink = take => {
	const seen = event => {
		const link = event.target.closest?.('a[href]');
		if (link && !(event.type == 'auxclick' && event.button != 1))
			take(link, event);
	};
	addEventListener('click', seen, true);
	addEventListener('auxclick', seen, true);
};

const isOutbound = link => /^https?:$/.test(link.protocol) && link.host != location.host;

const onHide = run => {
	addEventListener('visibilitychange', () => document.hidden && run(), true);
	addEventListener('pagehide', run);
};
