/* errors.js - what went wrong in the page's scripts: class, message, file and line. Five different ones a page. */
const errors = footfall => {
	const told = new Set();

	const tell = (error, message, source, line) => {
		const name = error?.name || 'Error';
		const target = String(error?.message || message || error).slice(0, 200);
		const key = [name, target, source, line] + '';
		if (told.size > 4 || told.has(key))
			return;
		told.add(key);
		footfall(String(name).slice(0, 100), { kind: 'error', target, props: { source: source?.split(/[?#]/)[0], line } });
	};
	addEventListener('error', event => tell(event.error, event.message, event.filename, event.lineno));
	addEventListener('unhandledrejection', event => tell(event.reason));
};
