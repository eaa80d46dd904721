/* notfound.js - pages that were not found: the server's status where the browser tells it, else data-404 at the script
 * or <meta name="footfall-status" content="404">. */
const notfound = footfall => {
	let first = true;

	onView(footfall, () => {
		const status = first && performance.getEntriesByType('navigation')[0]?.responseStatus;
		first = false;
		if (status == 404 || '404' in footfall.script.dataset ||
			document.querySelector('meta[name="footfall-status"]')?.content == 404)
			footfall('404', { props: { path: location.pathname } });
	});
};
