/* scroll.js - how far down the page was seen, in percent of its height; told with each engagement. */
const scroll = footfall => {
	let bottom = 0; // the lowest pixel seen since the view
	let height = 1;

	const measure = () => {
		const root = document.documentElement;
		height = Math.max(root.scrollHeight, document.body?.scrollHeight || 0, 1);
		bottom = Math.max(bottom, scrollY + root.clientHeight);
	};
	footfall.hooks.push(event => {
		if (event.n == 'engagement') {
			if (event.u == location.href) // else another route is there already
				measure();
			event.sd = Math.min(100, Math.round(100 * bottom / height));
		}
		if (event.n == 'pageview')
			bottom = 0;
	});
	addEventListener('scroll', measure, { passive: true });
	addEventListener('resize', measure);
	addEventListener('load', measure);
	onView(footfall, measure);
};
