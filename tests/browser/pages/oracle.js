/* Another measurement of the same page, by the package web-vitals, and something to measure. */
window.oracle = {};
for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB'])
	webVitals['on' + name](metric => { oracle[name] = metric.value; }, { reportAllChanges: true });

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const shift = height => document.body.insertAdjacentHTML('afterbegin', `<div style="height: ${height}px"></div>`);
/* Two shifts in one window, one alone. */
window.move = async () => {
	shift(60);
	await pause(300);
	shift(90);
	await pause(1500);
	shift(120);
	await pause(300);
};
addEventListener('DOMContentLoaded', () => {
	for (const [id, ms] of [['slow', 180], ['quick', 60]])
		document.getElementById(id).addEventListener('click', () => {
			for (const end = performance.now() + ms; performance.now() < end;);
		});
});
