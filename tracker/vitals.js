/* vitals.js - LCP, INP, CLS, FCP and TTFB as web.dev defines them, each told once: FCP and TTFB when they are known, the
 * others when the page is first hidden. (Browsers may drop requests where many are made while a page goes away.) A page
 * that was opened in the background says nothing of its painting. */
const vitals = footfall => {
	const page = location.href;
	const navigation = performance.getEntriesByType('navigation')[0];
	const start = navigation?.activationStart || 0; // of a prerendered page
	const hidden = document.hidden || !start && performance.getEntriesByType('visibility-state')[0]?.name == 'hidden';
	const values = {};
	const slowest = new Map(); // interaction -> ms
	let interactions = 0;
	let session = { score: 0, from: 0, to: 0 };

	const watch = (type, each, options) => {
		try {
			const observer = new PerformanceObserver(list => list.getEntries().forEach(each));
			observer.observe({ type, buffered: true, ...options });
			return { each, observer };
		} catch {} // this browser does not know it
	};
	const tell = (name, value) =>
		footfall(name, { kind: 'performance', u: page, value: +value.toFixed(name == 'CLS' ? 4 : 0) });
	const painted = entry => Math.max(0, entry.startTime - start);
	const firstPaint = entry => {
		if (entry.name == 'first-contentful-paint')
			tell('FCP', painted(entry));
	};
	const largestPaint = entry => {
		values.LCP = painted(entry);
	};
	/* The worst window of shifts that follow each other within a second, five seconds at most. */
	const shift = entry => {
		if (entry.hadRecentInput)
			return;
		if (entry.startTime - session.to > 1000 || entry.startTime - session.from > 5000)
			session = { score: 0, from: entry.startTime };
		session.score += entry.value;
		session.to = entry.startTime;
		values.CLS = Math.max(values.CLS, session.score);
	};
	const interact = entry => {
		const id = entry.interactionId;
		if (!id)
			return;
		if (!slowest.has(id))
			interactions++;
		slowest.set(id, Math.max(slowest.get(id) || 0, entry.duration));
		if (slowest.size > 50) { // only the slowest matter
			const fastest = [...slowest].sort((a, b) => a[1] - b[1])[0];
			slowest.delete(fastest[0]);
		}
	};
	/* One of fifty interactions is let off; fast ones are not told apart, but counted. */
	const inp = () => [...slowest.values()].sort((a, b) => b - a)[
		Math.min(slowest.size - 1, Math.floor((performance.interactionCount || interactions) / 50))];

	if (navigation?.responseStart > 0)
		tell('TTFB', Math.max(0, navigation.responseStart - start));
	if (PerformanceObserver.supportedEntryTypes?.includes('layout-shift'))
		values.CLS = 0;
	const watched = [
		!hidden && watch('paint', firstPaint),
		!hidden && watch('largest-contentful-paint', largestPaint),
		watch('layout-shift', shift),
		watch('event', interact, { durationThreshold: 40 }),
		watch('first-input', interact)
	];

	let told = false;
	onHide(() => {
		if (told)
			return;
		told = true;
		watched.forEach(one => one && one.observer.takeRecords().forEach(one.each));
		watched.forEach(one => one && one.observer.disconnect());
		if (slowest.size)
			values.INP = inp();
		for (const name in values)
			tell(name, values[name]);
	});
};
