#!/bin/bash
# The tracker in a real Chromium, through nginx and the collector into the tables: what a visitor does, and exactly the rows
# that come of it.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
NODE_PATH=$("$FF_SRCDIR/tests/lib/npm.sh" 2>&1) || skip_all "$NODE_PATH"
export NODE_PATH
chromium=$(command -v chromium) || skip_all "chromium is not here"
web_program nginx > /dev/null || skip_all "nginx is not here"
here=$FF_SRCDIR/tests/browser

cron_setup
collector=
finish_all() {
	web_stop
	[ -z "$collector" ] || { kill "$collector" 2> /dev/null; wait "$collector" 2> /dev/null; }
	rm -rf "$cron_dir"
}
trap finish_all EXIT
printf 'data_dir = %s\n' "$FF_SRCDIR/sql" >> "$cron_dir/footfall.conf"
"$FF_BUILDDIR/footfall" site add example.com > /dev/null
for task in partitions salts snapshot; do cron run $task || exit 1; done
"$FF_BUILDDIR/footfall-collect.fcgi" --listen "$run/collect.sock" 2>> "$log" &
collector=$!
wait_for 5 test -S "$run/collect.sock"

wav() { # SECONDS: silence
	python3 -c 'import sys, wave
w = wave.open(sys.argv[1], "wb"); w.setnchannels(1); w.setsampwidth(2); w.setframerate(8000)
w.writeframes(bytes(16000 * int(sys.argv[2])))' "$cron_dir/sound/$1s.wav" "$1"
}
mkdir "$cron_dir/sound" && wav 2 && wav 9
chmod 755 "$cron_dir" "$cron_dir/sound"

read -r -d '' places <<END
	location /sound/ { alias $cron_dir/sound/; }
	if (-f $cron_dir/busy) { return 503; }
	location = /px/e { proxy_pass http://\$server_addr:\$server_port/api/event; proxy_set_header User-Agent \$http_user_agent; }
	location = /px/q.js { alias $FF_SRCDIR/public/footfall.js; }
	location = /px/q.scroll.js { alias $FF_SRCDIR/public/footfall.scroll.js; }
	location = /csp { default_type text/html; root $here/pages; try_files /csp.html =404;
		add_header Content-Security-Policy "default-src 'none'; img-src data:; script-src 'self'; connect-src 'self'"; }
	location ~ "^/(?<page>[a-z]+)(/[-a-z/]*)?\$" { default_type text/html; root $here/pages; try_files /\$page.html =404; error_page 404 /missing.html; }
	location = /missing.html { default_type text/html; root $here/pages; }
	location /oracle/ { alias $NODE_PATH/web-vitals/dist/; }
	location ^~ /files/ { return 204; }
	location / { root $here/pages; }
END
WEB_EDIT="s%^	location / { return 404; }%${places//$'\n'/\\$'\n'}%"
web_start nginx "$run" || exit 1

timeout 240 node "$here/tracker.cjs" "$chromium" "$cron_dir/profile" "$WEB_PORT" "$cron_dir/busy" "$WEB_DIR/footfall.log" > "$cron_dir/facts" 2> "$cron_dir/node.log" ||
	{ sed 's/^/# /' "$cron_dir/node.log" "$cron_dir/facts"; tap_line 1 "the browser does its part"; finish; }
sed 's/^/# /' "$cron_dir/node.log"
cron run drain || exit 1
fact() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$cron_dir/facts"; }
within() { [ -n "$1" ] && [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; } # NUMBER LEAST MOST


psql -X -q <<'SQL'
CREATE FUNCTION word(int) RETURNS text LANGUAGE sql AS 'SELECT value FROM label WHERE label_id = $1';
CREATE VIEW told AS SELECT e.*, word(e.name) AS what, word(e.path) AS page, word(e.target) AS at, word(e.list) AS list_name,
	(SELECT kind || ':' || key FROM content c WHERE c.content_id = e.content_id) AS item FROM event e;
SQL
# Events of one moment come over several connections, in any order: there it is given.
rows() { q "SELECT $1 FROM told WHERE $2 ORDER BY ${3:-ts}" | paste -s -d ' '; } # COLUMNS CONDITION [ORDER]
# The same with engagement in it: a slow machine may tell the last moment of a page apart.
engaged() { q "SELECT $1 FROM told WHERE $2 ORDER BY ts" | uniq | paste -s -d ' '; }
count() { q "SELECT count(*) FROM told WHERE what = '$1'"; }
pages() { rows page "kind = 1 AND page LIKE '$1'"; }

ok "the core comes in less than 1,024 bytes of gzip, as it is served" within \
	"$(web_curl /footfall/footfall.js -H 'Accept-Encoding: gzip' -o /dev/null -w '%{size_download}')" 500 1023

# ---- views
is "a page load is one view" "$(q "SELECT count(*) FROM told WHERE kind = 1 AND page = '/plain'")" 1
is "it says what it must, and no more" "$(fact plain.keys)" "d event_id h n r title touch u w"
is "as text, so that browsers ask nobody first" "$(fact plain.type)" "text/plain;charset=UTF-8"
like "with an id of its own" "$(fact plain.id)" '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
is "a visit knows the campaign" "$(q "SELECT word(utm_source) FROM visit WHERE utm_source IS NOT NULL")" "letter"
is "routes are views: pushState, replaceState, back; hash and query are not" "$(pages '/plain/_')" "/plain/a /plain/b /plain/c /plain/a"
is "hash and query are where asked for" "$(pages '/asked%')" "/asked /asked#second /asked"
is "back from the browser's cache is a view" "$(fact history.persisted) $(rows page "kind = 1 AND page IN ('/plain/first', '/plain/second')")" \
	"true /plain/first /plain/second /plain/first"
is "a tab in the background is no view" "$(fact hidden.background)" 0
is "until it comes to the front" "$(pages /plain/background)" "/plain/background"
is "an item of the page" "$(engaged "what, item" "page = '/item'")" "pageview|post:7:a engagement|post:7:a"
is "by hand: only what the page says" "$(engaged "what, page, item" "page LIKE '/manual%'")" \
	"pageview|/manual/said|post:m engagement|/manual/said|post:m"
is "other names of script, module and endpoint" "$(pages '/renamed') $(fact renamed.urls)" "/renamed /px/e"
is "as an ES module" "$(pages '/module')" "/module"
is "from another host, modules too; its answers are understood" "$(pages '/elsewhere') $(engaged scroll "page = '/elsewhere' AND kind = 3") $(
	fact elsewhere.attempts) $(fact elsewhere.url)" "/elsewhere 100 [1,1] http://stats.example.org/api/event"
is "in one file with all modules" "$(pages '/full') $(engaged scroll "page = '/full' AND kind = 3") $(fact full.scripts)" "/full 100 1"
is "prerendered: a view, once, when it is shown" "$(rows "what, props" "page = '/prerendered' AND kind < 3" kind)" \
	'pageview| Shown|{"prerendered": "true"}'
is "a page that was not found" "$(rows "what, props" "page = '/nowhere' AND kind < 3" kind)" 'pageview| 404|{"path": "/nowhere"}'
is "who opted out is not counted" "$(q "SELECT count(*) FROM told WHERE page = '/plain/opted-out' OR what = 'Opted out'") $(
	pages /plain/before%)" "0 /plain/before-opting-out"
is "nor who has the cookie of /opt-out" "$(pages /plain/cookie)" ""
is "a browser that signals Global Privacy Control is nobody" "$(rows "flags & 16, visitor" "page = '/plain/signal' AND kind = 1")" "16|0"

# ---- events
is "an event with properties and revenue" "$(rows "props, value_micros, currency" "what = 'Signup'")" '{"plan": "pro"}|12500000|EUR'
is "calls before the tracker is there wait for it" "$(rows "what, props" "page = '/early' AND kind < 3" kind)" 'pageview| Early|{"plan": "pro"}'

# ---- engagement
ok "engagement is the time until the page is left" within "$(q "SELECT sum(engaged_ms) FROM told WHERE page = '/plain' AND kind = 3")" \
	"$(fact plain.seen)" 3000
is "also where the tab is closed" "$(engaged what "page = '/plain/closed'")" "pageview engagement"
is "each route has its own" "$(engaged page "page LIKE '/plain/_' AND kind = 3")" "/plain/a /plain/b /plain/c /plain/a"
is "the tab is really hidden, and shown again" "$(fact hidden.states)" "visible hidden visible"
ok "a hidden tab tells what was seen until then" within "$(fact hidden.first)" 750 $(($(fact hidden.about) + 400))
is "and nothing after" "$(q "SELECT count(*) FROM told t WHERE page = '/plain/hidden' AND kind = 3 AND ts > (
	SELECT ts FROM told WHERE what = 'Unseen')")" 0

# ---- nothing is lost, nothing is twice
is "offline: events wait" "$(fact offline.waiting)" 3
is "online: each is there once" "$(rows "what, flags" "what LIKE 'Offline%'" | tr ' ' '\n' | sort | uniq -c | awk '{ print $1 }' | paste -s -d ' ')" "3 1 1 1"
is "503: tried again with the same id" "$(fact busy.waiting) $(fact busy.attempts) $(count Busy)" "1 [2,1] 1"
is "module keep: what waits on one page is sent by the next" "$(fact busy.kept) $(rows "what, page" "what = 'Left behind'")" \
	"[2,1] Left behind|/keep/left"
is "an answer that was lost: stored once" "$(fact lost.attempts) $(count Lost)" "[2,1] 1"
is "429: stored once" "$(fact slowly.attempts) $(count Slowly)" "[2,1] 1"
ok "and not before Retry-After" within "$(fact slowly.pause)" 1950 6000
ok "no answer for ten minutes: tried again and again" within "$(fact down.tries)" 8 11
is "after one to two seconds, then twice as long each time" "$(fact down.odd)" "[]"
is "and no more than 99 events wait" "$(fact down.waiting)" 99

# ---- modules
is "cards in view: half of them for a second, once each; list and position" "$(
	rows "item, view_type, list_name, position" "page = '/cards' AND kind = 4" item)" \
	"post:1|2|related|1 post:2|2|related|2 post:4|2|end|9 post:5|2|end|2 post:6|2|end|1 post:8|2|end|9"
is "a click on a card" "$(rows "what, at, item, list_name, position" "page = '/cards' AND kind = 10")" "click|a|post:1|related|1"
# Hundredths as ranges, from bytes whose lowest bit is first.
psql -X -q -c "CREATE FUNCTION ranges(bytea) RETURNS text LANGUAGE sql AS 'SELECT string_agg(a || ''-'' || b, '','' ORDER BY a) FROM (
	SELECT min(i) AS a, max(i) AS b FROM (SELECT i, i - row_number() OVER (ORDER BY i) AS g FROM generate_series(0, 99) i
	WHERE get_bit(\$1, i) = 1) x GROUP BY g) y'"
media() { rows "what, CASE WHEN what <> 'play' THEN ranges(watched) END" "item = 'audio:$1' AND what NOT IN ('progress', 'seeked')"; }
paused=$(awk -v at="$(fact media.paused)" 'BEGIN { for (i = 0; (i + 1.5) / 100 * 9 <= at;) i++; print i }')
is "media: played to its end" "$(media whole)" "play| ended|0-99"
is "media: from the middle" "$(media half)" "play| ended|50-99"
is "media: with a break and a jump" "$(media long)" "play| pause|0-$paused play| ended|0-$paused,90-99"
is "media: length and last position" "$(rows "media_length_ms, media_position_ms" "item = 'audio:long' AND what = 'ended'")" "9000|9000"
ok "media: progress on the way" within "$(q "SELECT count(*) FROM told WHERE what = 'progress' AND item = 'audio:whole'")" 1 2
ok "media: the time that was played" within "$(q "SELECT sum(engaged_ms) FROM told WHERE item = 'audio:whole'")" 1990 2010
is "media without an item are not looked at" "$(q "SELECT count(*) FROM told WHERE kind = 9 AND content_id IS NULL")" 0
is "links to elsewhere" "$(rows props "what = 'Outbound Link: Click' AND page = '/acts'")" '{"url": "http://other.example/x?y=1"}'
is "downloads" "$(rows props "what = 'File Download' AND page = '/acts'")" '{"url": "http://example.com/files/a.PDF"}'
is "forms, and nothing of what is in them" "$(rows props "what = 'Form: Submission'")" '{"path": "/acts"}'
is "clicks by attribute" "$(rows "what, props" "what = 'Sign up'") $(rows "what, kind, item, measure_micros" "what = 'like'")" \
	'Sign up|{"plan": "pro", "the-place": "top"} like|5|post:9|1000000'
is "clicks by class name" "$(rows "props, value_micros, currency" "what = 'Buy now'")" '{"size": "L"}|9500000|EUR'
is "scroll depth" "$(q "SELECT max(scroll) FROM told WHERE page = '/acts' AND kind = 3 AND scroll <= 100") $(
	engaged scroll "page = '/renamed' AND kind = 3")" "$(fact acts.depth) 100"
is "errors" "$(rows "DISTINCT what, at" "kind = 13" what)" "RangeError|rejected on purpose TypeError|broken on purpose"
is "vitals, once, of the page that was loaded" "$(rows what "kind = 12 AND page = '/acts'" what)" "CLS FCP INP LCP TTFB"
is "vitals are plausible" "$(q "SELECT string_agg(what, ' ') FROM told WHERE kind = 12 AND (measure_micros IS NULL OR measure_micros < 0 OR
	measure_micros > CASE what WHEN 'CLS' THEN 1000000 ELSE 20000000000 END)")" ""
is "the painting is not before the answer" "$(q "SELECT f.measure_micros >= t.measure_micros AND l.measure_micros >= f.measure_micros
	FROM told t, told f, told l WHERE t.what = 'TTFB' AND f.what = 'FCP' AND l.what = 'LCP' AND t.page = '/acts' AND f.page = '/acts'
	AND l.page = '/acts'")" t
differing() { # of our measurements from those of the package web-vitals: within a millisecond
	while IFS='|' read -r name value; do
		fact oracle | jq -r --arg name "$name" --argjson ours "$value" \
			'if (.[$name] - $ours | fabs) <= (if $name == "CLS" then 0.0001 else 1 end) then empty else "\($name): \($ours), not \(.[$name])" end'
	done < <(q "SELECT what, measure_micros / 1e6 FROM told WHERE kind = 12 AND page = '/oracle'")
}
is "five vitals of a page that moves and answers slowly" "$(rows what "kind = 12 AND page = '/oracle'" what)" "CLS FCP INP LCP TTFB"
is "as another package measures them" "$(differing)" ""
echo "# $(fact oracle)"
is "a search on the site" "$(rows "what, at, measure_micros" "kind = 14")" "search|red shoes|12000000"
is "a strict policy (CSP) is kept: no complaint, all modules there" "$(fact csp.complaints) $(fact csp.hooks) $(
	rows item "page = '/csp' AND kind = 4")" "0 true post:csp"

# ---- pages with Plausible's snippet
is "old snippet: queue, properties, revenue, callback" "$(fact plausible.callback) $(
	rows "what, props, currency" "page = '/old' AND what = 'Early'")" '202 Early|{"n": "1", "author": "jane"}|USD'
is "old snippet: what its name asks for" "$(rows what "page = '/old' AND kind = 2 AND what <> 'Early'")" \
	"Old click Outbound Link: Click File Download"
is "old snippet: hash routes are views, excluded pages are not" "$(pages '/old%')" "/old /old#tab /old/open"
is "new snippet: options and queue" "$(rows "what, props, flags & 2" "page = '/new' AND kind = 2" what)" \
	'Changed it|{"had": "7", "tier": "gold"}|0 New|{"a": "b", "tier": "gold"}|0 Passive|{"tier": "gold"}|2'

# ---- the page does not suffer
is "calls that make no sense do not throw" "$(fact hostile.calls)" 4
is "no error on any page" "$(fact complaints)" ""
is "nobody was taken for a robot" "$(q "SELECT count(*) FROM event WHERE robot <> 0")" 0
is "no event came twice" "$(q "SELECT count(*) - count(DISTINCT event_id) FROM event")" 0
finish
