/* full.js - core and modules in one file, without a second request; data-modules chooses, all unless it is there. */
const script = document.currentScript || document.documentElement;
const data = script.dataset;
const source = script.src || location.href;
const hooks = [];
data.modules ??= 'all';
