/* modules.js - all of them by name, for files that hold more than one. */
const modules = {
	scroll, views, outbound, downloads, notfound, forms, media, vitals, interactions, errors, search, keep
};
const loadModule = name => {
	if (name == 'all')
		return Object.keys(modules).forEach(loadModule);
	try {
		modules[name]?.(window.footfall);
	} catch {} // what this browser cannot do must not stop the others
};
