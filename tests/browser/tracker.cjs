/* tracker.cjs - what visitors do with the pages of tests/browser/pages; tracker.t looks at the rows that come of it.
 *
 *   node tracker.cjs CHROMIUM PROFILE_DIR PORT BUSY_FILE ACCESS_LOG     prints facts, "name<TAB>value" */
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const { open, options, unfocus, leave, until, sleep } = require('./browser.cjs');

const [program, profile, port, busy, log] = process.argv.slice(2);
const site = 'http://example.com';
const fact = (name, value) => console.log(name + '\t' + (typeof value == 'string' ? value : JSON.stringify(value)));
let browser;

const sent = name => browser.sent.filter(request => request.event.n == name);
const attempts = name => [sent(name).length, new Set(sent(name).map(request => request.event.event_id)).size];
const visit = async path => {
	const page = await browser.context.newPage();
	await page.goto(site + path);
	return page;
};
const viewed = (page, path) => until(5, () => sent('pageview').some(request => request.event.u == site + path));

const scenes = {
	async plain() {
		const page = await visit('/plain?utm_source=letter#part');
		await sleep(600);
		const before = Date.now();
		await page.evaluate(() => footfall('Signup', { props: { plan: 'pro' }, revenue: { currency: 'EUR', amount: 12.5 } }));
		await leave(page);
		const view = sent('pageview')[0];
		fact('plain.type', view.type);
		fact('plain.keys', Object.keys(view.event).sort().join(' '));
		fact('plain.id', view.event.event_id);
		fact('plain.seen', before - view.at);
	},

	async spa() {
		const page = await visit('/plain/a');
		await page.evaluate(async () => {
			const pause = () => new Promise(resolve => setTimeout(resolve, 150));
			await pause();
			history.pushState({}, '', '/plain/b');
			await pause();
			history.replaceState({}, '', '/plain/c');
			await pause();
			history.pushState({}, '', '/plain/c?page=2');
			history.pushState({}, '', '/plain/c?page=2#end');
			location.hash = 'other';
			await pause();
			history.go(-4); // back to a
			await pause();
		});
		await sleep(150);
		await leave(page);
	},

	async asked() {
		const page = await visit('/asked');
		await page.click('a');
		await page.evaluate(() => history.pushState({}, '', '/asked?q=1'));
		await leave(page);
	},

	async closed() {
		const page = await visit('/plain/closed');
		await sleep(300);
		await page.close({ runBeforeUnload: true });
		await sleep(300);
	},

	async others() {
		await leave(await visit('/item'));
		await leave(await visit('/early'));
		await leave(await visit('/renamed'));
		await leave(await visit('/module'));
		const page = await visit('/manual');
		await page.evaluate(() => {
			history.pushState({}, '', '/manual/by-route');
			footfall('pageview', { u: location.origin + '/manual/said', item: { kind: 'post', id: 'm' }, title: 'Said' });
		});
		await sleep(150);
		await leave(page);
		fact('renamed.urls', browser.sent.filter(request => /renamed/.test(request.event.u))
			.map(request => new URL(request.url).pathname)[0]);
		const missing = await visit('/nowhere');
		await until(5, () => sent('404').length);
		await leave(missing);
		const elsewhere = await visit('/elsewhere');
		await elsewhere.waitForFunction(() => footfall.hooks.length && !footfall.queue.length);
		await elsewhere.evaluate(() => footfall('Elsewhere'));
		await sleep(150);
		fact('elsewhere.attempts', attempts('Elsewhere'));
		fact('elsewhere.url', sent('Elsewhere')[0].url);
		await leave(elsewhere);
		const full = await visit('/full');
		await sleep(150);
		fact('full.scripts', await full.evaluate(() => document.scripts.length));
		await leave(full);
	},

	/* Chromium prerenders nothing while somebody is attached to it, so this one is on its own. */
	async prerender() {
		const alone = spawn(program, ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}-alone`,
			...options(port), site + '/speculation'], { stdio: 'ignore' });
		await until(15, () => fs.readFileSync(log, 'latin1').includes('/files/shown'));
		const ended = new Promise(resolve => alone.on('exit', resolve));
		alone.kill();
		await ended;
	},

	async history() {
		const page = await visit('/plain/first');
		await sleep(200);
		await page.evaluate(() => {
			addEventListener('pageshow', event => { window.persisted = event.persisted; });
		});
		await page.goto(site + '/plain/second');
		await sleep(200);
		await page.evaluate(() => { setTimeout(() => history.back(), 0); });
		await until(5, () => page.evaluate(() => window.persisted).catch(() => false));
		fact('history.persisted', await page.evaluate(() => window.persisted));
		await sleep(300);
		await leave(page);
	},

	async hidden() {
		const page = await visit('/plain/hidden');
		const other = await visit('/plain/over-it');
		await unfocus(page);
		await unfocus(other);
		const states = [];
		const look = async expected => {
			await until(3, async () => await page.evaluate(() => document.visibilityState) == expected);
			states.push(await page.evaluate(() => document.visibilityState));
		};
		await page.bringToFront();
		await look('visible');
		const start = Date.now();
		await sleep(800);
		await other.bringToFront();
		await look('hidden');
		fact('hidden.first', sent('engagement').filter(request => /\/hidden$/.test(request.event.u)).at(-1)?.event.e);
		fact('hidden.about', Date.now() - start);
		await page.evaluate(() => footfall('Unseen'));
		await sleep(500);
		await page.goto(site + '/plain/background');
		await sleep(300);
		fact('hidden.background', sent('pageview').filter(request => /background/.test(request.event.u)).length);
		await page.bringToFront();
		await look('visible');
		await sleep(300);
		fact('hidden.states', states.join(' '));
		await leave(page);
		await leave(other);
	},

	async offline() {
		const page = await visit('/plain/offline');
		await viewed(page, '/plain/offline');
		await browser.context.setOffline(true);
		for (const name of ['Offline one', 'Offline two', 'Offline three'])
			await page.evaluate(name => footfall(name), name);
		await sleep(300);
		fact('offline.waiting', await page.evaluate(() => footfall.queue.length));
		await browser.context.setOffline(false);
		await until(5, () => page.evaluate(() => !footfall.queue.length));
		await sleep(200);
		await leave(page);
	},

	async busy() {
		const page = await visit('/keep');
		const kept = await visit('/keep/left');
		await viewed(kept, '/keep/left');
		fs.writeFileSync(busy, '');
		await page.evaluate(() => footfall('Busy'));
		await kept.evaluate(() => footfall('Left behind'));
		await sleep(300);
		fact('busy.waiting', await page.evaluate(() => footfall.queue.length));
		await kept.goto('about:blank');
		fs.unlinkSync(busy);
		await kept.goto(site + '/keep/next');
		await until(5, () => sent('Busy').length > 1 && sent('Left behind').length > 1);
		await sleep(200);
		fact('busy.attempts', attempts('Busy'));
		fact('busy.kept', attempts('Left behind'));
		await leave(page);
		await leave(kept);
	},

	/* The answer is lost, though the event was stored; a server that says when to come again is obeyed. */
	async lost() {
		const page = await visit('/plain/lost');
		await viewed(page, '/plain/lost');
		let first = true;
		await page.route('**/api/event', async route => {
			const name = route.request().postDataJSON().n;
			if (name == 'Lost' && first) {
				first = false;
				await route.fetch({ url: `http://127.0.0.1:${port}/api/event` });
				await route.abort('connectionreset');
			} else if (name == 'Slowly' && sent('Slowly').length < 2) {
				await route.fulfill({ status: 429, headers: { 'retry-after': '2' } });
			} else {
				await route.continue();
			}
		});
		const started = page.evaluate(() => Promise.all([footfall('Slowly'), new Promise(resolve => setTimeout(resolve, 100))
			.then(() => footfall('Lost'))]));
		await started;
		await until(8, () => sent('Lost').length > 1 && sent('Slowly').length > 1);
		await sleep(200);
		fact('lost.attempts', attempts('Lost'));
		fact('slowly.attempts', attempts('Slowly'));
		fact('slowly.pause', sent('Slowly')[1]?.at - sent('Slowly')[0].at);
		await leave(page);
	},

	async cards() {
		const page = await visit('/cards');
		await page.bringToFront(); // a tab that the window does not show draws nothing, and sees no card
		await sleep(700);
		await page.evaluate(async () => {
			scrollTo(0, 3900); // the card in the middle is passed in less than a second
			await new Promise(resolve => setTimeout(resolve, 400));
			scrollTo(0, 0); // and the first ones begin again
		});
		await sleep(1300);
		await page.evaluate(() => scrollTo(0, document.body.scrollHeight - 3100));
		await sleep(1300);
		await page.evaluate(() => { // a card that comes later, and one that shows another item
			document.querySelector('ul:last-of-type').insertAdjacentHTML('afterbegin', '<li data-footfall-item="post:6">new</li>');
			document.querySelector('[data-footfall-item="post:4"]').dataset.footfallItem = 'post:8';
			scrollTo(0, document.querySelector('ul:last-of-type').offsetTop);
		});
		await sleep(1300);
		await page.evaluate(() => document.querySelector('a').click());
		await sleep(100);
		await leave(page);
	},

	async media() {
		const page = await visit('/media');
		await page.evaluate(async () => {
			const ended = id => new Promise(resolve => {
				document.getElementById(id).onended = resolve;
				document.getElementById(id).play();
			});
			await Promise.all([ended('whole'), ended('other'), (async () => {
				half.currentTime = 1;
				await ended('half');
			})(), (async () => {
				long.play();
				await new Promise(resolve => { long.ontimeupdate = () => long.currentTime > 1.3 && resolve(); });
				long.pause();
				await new Promise(resolve => setTimeout(resolve, 50));
				window.paused = long.currentTime;
				long.currentTime = 8.1;
				await ended('long');
			})()]);
		});
		fact('media.paused', await page.evaluate(() => window.paused));
		await sleep(700);
		await leave(page);
	},

	async acts() {
		const page = await visit('/acts');
		await until(3, () => sent('search').length);
		await page.click('#in');
		for (const id of ['out', 'like', 'data b', 'class'])
			await page.click('#' + id);
		await page.click('#file');
		await page.bringToFront(); // a tab that the window does not show draws nothing, and scrolls nothing
		await page.evaluate(() => {
			scrollTo(0, 1000);
			window.depth = Math.round(100 * (1000 + innerHeight) / document.documentElement.scrollHeight);
			setTimeout(() => { throw new TypeError('broken on purpose'); });
			setTimeout(() => { throw new TypeError('broken on purpose'); }, 10);
			Promise.reject(new RangeError('rejected on purpose'));
		});
		await sleep(300);
		fact('acts.depth', await page.evaluate(() => window.depth));
		await page.evaluate(() => document.getElementById('form').requestSubmit());
		await page.waitForURL('**/plain/form**');
		await sleep(200);
		for (const tab of browser.context.pages())
			if (tab != page && tab.url() != 'about:blank')
				await tab.close();
		await leave(page);
		browser.complaints = browser.complaints.filter(text => !/on purpose/.test(text));
	},

	/* Measured by another package too. */
	async oracle() {
		const page = await visit('/oracle');
		await sleep(300);
		await page.evaluate(() => move());
		await page.click('#slow');
		await page.click('#quick');
		await until(3, () => page.evaluate(() => oracle.INP > 0));
		await sleep(200);
		fact('oracle', await page.evaluate(() => oracle));
		await leave(page);
	},

	async policy() {
		const complaints = browser.complaints.length;
		const page = await visit('/csp');
		await sleep(1500);
		fact('csp.complaints', browser.complaints.length - complaints);
		fact('csp.hooks', await page.evaluate(() => footfall.hooks.length > 0));
		await leave(page);
	},

	async ignored() {
		const page = await visit('/plain/before-opting-out');
		for (const key of ['footfall_ignore', 'plausible_ignore']) {
			await page.evaluate(key => { localStorage[key] = 'true'; }, key);
			await page.goto(site + '/plain/opted-out');
			await page.evaluate(() => footfall('Opted out'));
			await sleep(150);
			await page.evaluate(key => { localStorage.removeItem(key); }, key);
		}
		await page.setExtraHTTPHeaders({ 'Sec-GPC': '1' });
		await page.goto(site + '/plain/signal');
		await viewed(page, '/plain/signal');
		await page.setExtraHTTPHeaders({});
		await page.goto('about:blank');
		await browser.context.addCookies([{ name: 'footfall-opt-out', value: '1', url: site }]);
		await page.goto(site + '/plain/cookie');
		await viewed(page, '/plain/cookie');
		await leave(page);
		await browser.context.clearCookies();
	},

	async hostile() {
		const page = await visit('/hostile');
		fact('hostile.calls', await page.evaluate(() => {
			const ring = {};
			ring.ring = ring;
			const results = [footfall('Ring', { props: ring }), footfall('Big', { value: 1n }), footfall(), footfall('x', null)];
			return results.length;
		}));
		await sleep(200);
		await leave(page);
	},

	async plausible() {
		const old = await visit('/old');
		await until(3, () => old.evaluate(() => window.answered));
		fact('plausible.callback', await old.evaluate(() => window.answered));
		await old.click('#class');
		await old.click('#out');
		await old.click('#file');
		await old.evaluate(() => { location.hash = '#tab'; });
		for (const path of ['/old/secret-one', '/old/deep/er/still', '/old/open'])
			await old.evaluate(path => history.pushState({}, '', path), path);
		await sleep(150);
		await leave(old);
		const page = await visit('/new');
		await until(3, () => sent('New').length);
		await page.evaluate(() => {
			plausible('Secret');
			plausible('Passive', { interactive: false });
			plausible('Changed', { revenue: { currency: 'EUR', amount: 7 } });
		});
		await sleep(100);
		await leave(page);
	},

	/* The waits double, and no more than 99 events wait. Time is faked, from here on for all tabs. */
	async down() {
		const page = await visit('/plain/down');
		await viewed(page, '/plain/down');
		for (const tab of browser.context.pages())
			if (tab != page)
				await tab.close(); // each has a clock
		await page.clock.install();
		await page.route('**/api/event', route => route.abort());
		await page.evaluate(() => {
			window.begin = Date.now();
			window.tries = [];
			const real = fetch;
			window.fetch = (...fields) => {
				tries.push(Date.now() - begin);
				return real(...fields);
			};
			footfall('Down');
		});
		for (let step = 0; step < 300; step++)
			await page.clock.runFor(2000);
		const tries = await page.evaluate(() => window.tries);
		const waits = tries.slice(1).map((ms, i) => (ms - tries[i]) / 1000);
		fact('down.tries', tries.length);
		fact('down.odd', waits.filter((wait, i) => wait < 2 ** i || wait > 2 * 2 ** i + 2.5));
		fact('down.waiting', await page.evaluate(async () => {
			await Promise.all([...Array(150).keys()].map(n => footfall('Flood ' + n)));
			return footfall.queue.length;
		}));
		await page.close();
	}
};

const main = async () => {
	browser = await open(program, profile, port);
	const all = [['plain'], ['spa', 'closed'], ['prerender', 'asked', 'others'], ['history'], ['hidden'], ['offline'], ['busy'],
		['lost', 'cards'], ['media', 'oracle'], ['acts'], ['policy'], ['ignored', 'hostile'], ['plausible'], ['down']];
	const plan = process.env.SCENES ? process.env.SCENES.split(' ').map(names => names.split(',')) : all;
	for (const names of plan)
		await Promise.all(names.map(async (name, i) => {
			await sleep(400 * i); // the last one has the window
			const start = Date.now();
			await scenes[name]();
			console.error(`${name}: ${Date.now() - start} ms`);
		}));
	await sleep(500);
	fact('complaints', browser.complaints.join('; '));
	if (process.env.SENT)
		fs.writeFileSync(process.env.SENT, browser.sent.map(request => JSON.stringify(request.event) + '\n').join(''));
	await browser.context.close();
};
main().catch(error => {
	console.error(error);
	process.exit(1);
});
