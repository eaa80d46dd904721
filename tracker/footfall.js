/* footfall.js - the core alone; it loads modules from its own folder: stats.js has stats.scroll.js beside it.
 * As an ES module or in a bundle it has no element of its own: then <html> carries the settings. */
const script = document.currentScript || document.documentElement;
const data = script.dataset;
const source = script.src || location.href;
const hooks = [];
const loadModule = name => document.head.append(
	Object.assign(document.createElement('script'), { src: source.replace(/(\.js[^/]*)?$/, '.' + name + '$&') }));
