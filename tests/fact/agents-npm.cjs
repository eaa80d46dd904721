// Robots and people of two npm packages, judged by ours: prints "name=number" lines and what differs.
//
//   node agents-npm.cjs lines FOLDER            writes robots.txt and people.txt, one user agent a line
//   node agents-npm.cjs report FOLDER           reads robots.out and people.out of `judge agents`
const { readFileSync, writeFileSync } = require('node:fs');
const { isbot } = require('isbot');
const robots = [...new Set(require('crawler-user-agents').flatMap(c => c.instances))];
const people = require(process.env.NODE_PATH + '/user-agents/dist/user-agents.json');

const [what, folder] = process.argv.slice(2);
const line = text => text.replace(/[\r\n]+/g, ' ') + '\n';

if (what === 'lines') {
	writeFileSync(folder + '/robots.txt', robots.map(line).join(''));
	writeFileSync(folder + '/people.txt', people.map(p => line(p.userAgent)).join(''));
	process.exit();
}

const verdicts = name => readFileSync(folder + '/' + name, 'utf8').split('\n').slice(0, -1).map(l => l.split('\t'));
const robotVerdicts = verdicts('robots.out'), peopleVerdicts = verdicts('people.out');
if (robotVerdicts.length !== robots.length || peopleVerdicts.length !== people.length) throw new Error('lines are missing');

const list = (title, texts, most = 40) => {
	if (texts.length) console.log(`# ${title}:`);
	for (const text of texts.slice(0, most)) console.log('#   ' + text.replace(/[\r\n]+/g, ' ').slice(0, 180));
	if (texts.length > most) console.log(`#   and ${texts.length - most} more`);
};
const percent = (part, all) => (100 * part / all).toFixed(2);
const missed = robots.filter((_, i) => robotVerdicts[i][0] === '0');
const accused = people.map(p => p.userAgent).filter((_, i) => peopleVerdicts[i][0] !== '0');
const devices = { desktop: 'Desktop', mobile: 'Mobile', tablet: 'Tablet' };
const wrong = people.map((p, i) => [p.deviceCategory, peopleVerdicts[i][1], p.userAgent])
	.filter(([theirs, ours]) => devices[theirs] !== ours);
const seen = column => peopleVerdicts.filter(v => v[column] !== '').length;

console.log(`robots=${robots.length}`);
console.log(`recall=${percent(robots.length - missed.length, robots.length)}`);
console.log(`recall_isbot=${percent(robots.filter(u => isbot(u)).length, robots.length)}`);
console.log(`people=${people.length}`);
console.log(`accused=${accused.length}`);
console.log(`accused_isbot=${people.filter(p => isbot(p.userAgent)).length}`);
console.log(`devices=${percent(people.length - wrong.length, people.length)}`);
console.log(`browsers=${percent(seen(2), people.length)}`);
console.log(`systems=${percent(seen(3), people.length)}`);
list('robots that we take for people', missed);
list('people that we take for robots', accused);
list('devices that differ (theirs, ours, user agent)', wrong.map(w => w.join(' | ')));
