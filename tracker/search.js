/* search.js - what was looked for on the site, and how much was found. The page with the results says it:
 *
 *   <input data-footfall-search value="red shoes">  <b data-footfall-hits="12">
 *   <main data-footfall-search="red shoes" data-footfall-hits="12">
 *
 * or a script does: footfall.search('red shoes', 12). */
const search = footfall => {
	footfall.search = (terms, hits) => footfall('search', { kind: 'search', target: String(terms).slice(0, 200), value: +hits });

	onView(footfall, () => {
		const asked = document.querySelector('[data-footfall-search]');
		const found = document.querySelector('[data-footfall-hits]');
		const terms = asked && (asked.dataset.footfallSearch || asked.value);
		if (terms && found)
			footfall.search(terms, found.dataset.footfallHits);
	});
};
