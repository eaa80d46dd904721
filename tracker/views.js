/* views.js - which cards of a list came into view: an impression is half of the card, or of the window where the card
 * is larger, for a second in a visible tab; once for each list and item until the next page view. Clicks on cards too.
 *
 *   <ul data-footfall-list="related"> <li data-footfall-item="post:7"> ... */
const views = footfall => {
	const cards = '[data-footfall-list] [data-footfall-item]';
	const visible = new Map(); // card -> timer
	let told = new Set();

	const place = card => {
		const list = card.closest('[data-footfall-list]');
		const position = card.dataset.footfallPosition || [...list.querySelectorAll('[data-footfall-item]')].indexOf(card) + 1;
		return { list: list.dataset.footfallList, position: +position, item: itemOf(card) };
	};
	const tell = card => {
		const key = card.closest('[data-footfall-list]')?.dataset.footfallList + '\n' + card.dataset.footfallItem;
		if (!card.matches(cards) || told.has(key))
			return;
		told.add(key);
		footfall('view', { kind: 'view', view_type: 'listing', ...place(card) });
	};
	const wait = card => {
		clearTimeout(visible.get(card));
		visible.set(card, document.hidden ? 0 : setTimeout(tell, 1000, card));
	};
	const leave = card => {
		clearTimeout(visible.get(card));
		visible.delete(card);
	};

	const area = ({ intersectionRect }) => intersectionRect.width * intersectionRect.height;
	const observer = new IntersectionObserver(entries => entries.forEach(entry => {
		const seen = entry.intersectionRatio >= .5 || area(entry) * 2 >= innerWidth * innerHeight;
		if (!seen)
			leave(entry.target);
		else if (!visible.has(entry.target))
			wait(entry.target);
	}), { threshold: [...Array(51).keys()].map(percent => percent / 100) });
	let finding;
	const find = () => {
		finding = 0;
		document.querySelectorAll(cards).forEach(card => observer.observe(card));
	};

	/* Cards come later, or show another item; pages that change all the time are not searched all the time. */
	new MutationObserver(changes => {
		changes.forEach(change => {
			if (change.type == 'attributes') {
				leave(change.target);
				observer.unobserve(change.target);
			}
		});
		finding ||= setTimeout(find, 100);
	}).observe(document, { childList: true, subtree: true, attributeFilter: ['data-footfall-item'] });
	addEventListener('visibilitychange', () => [...visible.keys()].forEach(wait), true);
	footfall.hooks.push(event => {
		if (event.n == 'pageview') {
			told = new Set();
			[...visible.keys()].forEach(wait);
		}
	});
	onLink((link, event) => {
		const card = event.target.closest(cards);
		if (card)
			footfall('click', { kind: 'interaction', target: link.dataset.footfallTarget || 'a', ...place(card) });
	});
	find();
};
