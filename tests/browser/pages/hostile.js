/* What extensions, old browsers and careless pages do to the things that the tracker uses. */
Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
for (const name of ['fetch', 'IntersectionObserver', 'MutationObserver', 'PerformanceObserver'])
	window[name] = undefined;
