/* browser.cjs - a real Chromium for the tests of the tracker: tabs of one window that really hide each other, a
 * back/forward cache that is on, and a list of every request that the tracker makes. */
'use strict';
const { chromium } = require('playwright-core');

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/* The names of the sites lead to the test's own server, other names nowhere. */
const options = port => [`--user-agent=${agent}`, '--no-sandbox', '--disable-gpu', '--no-first-run', '--mute-audio',
	'--disable-background-networking', '--disable-component-update', '--disable-sync',
	`--host-resolver-rules=MAP example.com 127.0.0.1:${port}, MAP stats.example.org 127.0.0.1:${port}, MAP * ~NOTFOUND`];

const open = async (program, profile, port) => {
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: program,
		viewport: { width: 1000, height: 600 },
		ignoreDefaultArgs: ['--disable-back-forward-cache'],
		args: [...options(port), '--autoplay-policy=no-user-gesture-required']
	});
	const browser = { context, sent: [], complaints: [] };
	context.on('request', request => {
		if (request.method() == 'POST' && /\/api\/event$|\/px\/e$/.test(request.url()))
			browser.sent.push({ at: Date.now(), url: request.url(), type: request.headers()['content-type'],
				event: JSON.parse(request.postData()) });
	});
	context.on('weberror', error => browser.complaints.push(error.error().stack));
	context.on('console', message => {
		if (message.type() == 'error' && !/Failed to load resource/.test(message.text()))
			browser.complaints.push(message.text());
	});
	return browser;
};

/* Playwright tells each page that it has the focus, so that none would ever be hidden: this page is told no more. */
const unfocus = async page => {
	const session = page._connection.toImpl(page).delegate._mainFrameSession._client;
	await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
};

/* Leaves the page as a visitor does, so that it can say its last word. The tab stays: closing it by the protocol ends
 * its process at once, with requests that are still on their way out of it. */
const leave = page => page.goto('about:blank');

const until = async (seconds, condition) => {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(25))
		if (await condition())
			return true;
	return false;
};

module.exports = { open, options, unfocus, leave, until, sleep };
