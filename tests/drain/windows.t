#!/bin/bash
# Unique and qualified views, caps, authors and erased viewers: exact by the model, and the same however batches are cut.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
begin() {
	empty
	rm -rf "${work:?}"/*
	make_sites
}
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
exact() { # NAME BATCH
	drain batch="$2" >"$work/out" 2>&1 && same "$2" >"$work/verdict"
	ok $? "$1: exact ($(head -n 1 "$work/verdict" | cut -c 3-))"
	head -n 5 "$work/verdict" | cut -c -400
}
# What views and attention come to, without the sketches (a late event's visit may differ, and with it its identity).
decided() {
	sql "SELECT site_id, i.kind, i.key, w.visitor, w.started_at, engaged_ms, percent, auth, qualified, played, completed, watched
	     FROM content_window w JOIN content i USING (site_id, content_id)" | sort
	sql "SELECT site_id, i.kind, i.key, bucket, auth, pageviews, views, uniques, qualified, events, engaged_ms, impressions, clicks, plays,
	         completions, reactions, comments, shares, follows
	     FROM content_day d JOIN content i USING (site_id, content_id)" | sort
	sql "SELECT p.site_id, value, title, seen_at FROM page_title p
	     JOIN label l ON (p.site_id, p.path) = (l.site_id, l.label_id) ORDER BY 1, 2"
	sql "SELECT site_id, value FROM label WHERE value LIKE '/%' ORDER BY 1, 2"
	sql "SELECT event_id, flags, robot FROM event ORDER BY event_id, ts, flags"
}

begin
sql "UPDATE site SET unique_windows = '2h image=5m video=24h', qualified = '5s article=30% video=8s,40%'"
spool seed=11 events=9000 span=250000 visitors=30 late=10 repeats=3
exact "windows of hours and a day, over three days" 700
[ "$(sql "SELECT count(*) FROM event e JOIN content c USING (site_id, content_id) WHERE e.robot = 0 AND c.kind = 'video'
    AND e.kind IN (1, 4) AND e.view_type <> 2 AND e.visitor <> 0 AND e.viewer IS NULL AND e.flags & 256 = 0 AND NOT EXISTS (
        SELECT FROM content_window w WHERE (w.site_id, w.content_id) = (e.site_id, e.content_id) AND w.visitor = e.visitor
            AND w.started_at::date = e.ts::date)")" -gt 0 ]
ok $? "a window of 24 hours holds over midnight"
for what in qualified completed "NOT qualified" auth; do
	[ "$(sql "SELECT count(*) FROM content_window WHERE $what")" -gt 0 ]
	ok $? "there are windows that are $what"
done
ids=$(grep '"kind":3,' "$work/ledger" | grep -v item_key | sed "s/.*\"id\":\"\([^\"]*\)\".*/'\1'/" | paste -sd,)
[ "$(sql "SELECT count(content_id) FROM event WHERE event_id IN ($ids)")" -gt 0 ]
ok $? "engagement that names no item is about its page's"
is "views without identity are never unique" "$(sql "SELECT count(*) FROM event WHERE visitor = 0 AND flags & 256 <> 0")" 0

begin
spool seed=12 events=4000 span=200000 visitors=40 late=10 repeats=3 junk=20
cp -a "$work/spool" "$work/again"
sql "UPDATE site SET items_max = 40, paths_max = 90"
drain batch=100000 >/dev/null
decided >"$work/whole"
for batch in 13 1000; do
	empty
	make_sites
	sql "UPDATE site SET items_max = 40, paths_max = 90"
	rm -rf "$work/spool"
	cp -a "$work/again" "$work/spool"
	drain batch=$batch >/dev/null
	is "in batches of $batch everything is as in one" "$(decided | diff - "$work/whole" | head -n 5)" ""
done

begin
sql "UPDATE site SET items_max = 25, paths_max = 40"
spool seed=13 events=6000 span=200000 visitors=200 late=5 junk=60
exact "a flood of junk paths, and more items than allowed" 900
[ "$(sql "SELECT max(n) FROM (SELECT count(*) AS n FROM label WHERE value LIKE '/%' GROUP BY site_id) x")" -le 160 ]
ok $? "labels do not grow with it"
is "items stay within the cap" "$(sql "SELECT max(n) FROM (SELECT count(*) AS n FROM content WHERE site_id <> 2 GROUP BY site_id) x")" 25
[ "$(sql "SELECT sum(n) FROM drain_count WHERE reason = 21")" -gt 0 ]
ok $? "what is beyond is counted as over the cap"
[ "$(sql "SELECT sum(pageviews) FROM rollup_day JOIN label ON label.site_id = rollup_day.site_id AND label_id = rollup_day.value
    WHERE dim = 1 AND label.value = '(other)'")" -gt 0 ]
ok $? "and its pages are (other)"

begin
spool seed=14 events=6000 span=150000 visitors=50
python3 - "$work/ledger" >"$work/erase.sql" <<'PY'
import json, sys
who = {(e["site"], e["viewer"]) for e in map(json.loads, open(sys.argv[1])) if e["viewer"].strip("0")}
for site, viewer in sorted(who)[::2]:
    print(f"INSERT INTO erasure (site_id, viewer) VALUES ({site}, '{viewer}');")
PY
psql -X -q -f "$work/erase.sql"
exact "authors and erased viewers" 500
[ "$(sql "SELECT count(*) FROM event WHERE robot = 9")" -gt 0 ]
ok $? "authors' own views are kept apart"
is "none of them is in a figure of items" "$(sql "SELECT sum(views) = (SELECT count(*) FROM event WHERE robot = 0 AND kind IN (1, 4)
    AND view_type <> 2 AND content_id IS NOT NULL) FROM content_day")" t
is "no erased viewer is in a row" "$(sql "SELECT count(*) FROM event JOIN erasure USING (site_id, viewer)")" 0
[ "$(sql "SELECT sum(n) FROM drain_count WHERE reason = 22")" -gt 5 ]
ok $? "their events are counted"
plan
