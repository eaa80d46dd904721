/* Tells from a page that was prerendered, when somebody sees it. */
const tell = async () => {
	await footfall('Shown', { props: { prerendered: String(performance.getEntriesByType('navigation')[0].activationStart > 0) } });
	fetch('/files/shown');
};
if (document.prerendering)
	document.addEventListener('prerenderingchange', tell);
else
	addEventListener('load', tell);
