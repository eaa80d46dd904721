/* keep.js - events that are still waiting when the page is left wait on in sessionStorage, and the next page of this
 * tab sends them; after an hour they are forgotten, because they are stored under the time when they arrive. */
const keep = footfall => {
	const key = 'footfall_queue';

	const take = () => {
		try {
			const kept = JSON.parse(sessionStorage.getItem(key));
			sessionStorage.removeItem(key);
			if (Date.now() - kept.at < 36e5)
				return kept.queue;
		} catch {} // nothing there, or no storage
		return [];
	};
	const give = () => {
		try {
			if (footfall.queue.length)
				sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), queue: footfall.queue }));
		} catch {}
	};
	footfall.queue.push(...take());
	footfall.flush();
	onHide(give);
	addEventListener('visibilitychange', () => document.hidden || take(), true); // the page is still here, and so is its queue
};
