/* all.js - data-modules="all" of the core fetches this one file. */
loadModule('all');
