#!/bin/bash
# A purge takes visits out of all figures: what is left is what the remaining rows say. Undone, all is as it was.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
purge() { "$FF_BUILDDIR/footfall" --conf "$work/conf" purge "$@" 2> "$work/err"; }
broken() { psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/invariants.sql" 2>&1 | head -n 10; }
# Everything that a figure is read from.
figures() {
	psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/figures.sql"
	sql "SELECT * FROM content_window ORDER BY site_id, visitor, content_id, started_at"
	sql "SELECT * FROM visit ORDER BY site_id, visit_id"
	sql "SELECT site_id, event_id, robot, purge_id FROM event ORDER BY 1, 2, 3, 4"
}
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1" || :
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
round() { # NAME RULE WHICH-VISITS
	local want id before after
	want=$(sql "SELECT count(*) FROM visit v WHERE site_id = 1 AND ($3)")
	before=$(figures | md5sum)
	is "$1: a preview tells how many" "$(purge --site a.test --rule "$2" --from 2026-09-20 --dry-run | grep -o '^[0-9]* visits')" "$want visits"
	is "$1: and changes nothing" "$(figures | md5sum)" "$before"
	is "$1: they go" "$(purge --site a.test --rule "$2" --from 2026-09-20 --apply | grep -o '^[0-9]* visits')" "$want visits"
	is "$1: what is left is what the rows say" "$(broken)" ""
	is "$1: none of their events counts" "$(sql "SELECT count(*) FROM event e JOIN visit v USING (site_id, visitor, visit_id)
	    WHERE v.purge_id IS NOT NULL AND e.robot = 0")" 0
	id=$(sql 'SELECT max(purge_id) FROM purge')
	purge --undo "$id" > /dev/null
	is "$1: undone, all is as it was" "$(figures | md5sum)" "$before"
}

make_sites
spool seed=7 events=3000 span=250000 visitors=200
drain batch=5000 > "$work/out"
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-20'::date, '2026-10-02', '1 day') d" > /dev/null
now=$((start + 40 * 86400))
drain settle=1 months=1 > "$work/out"
is "months are made" "$(sql "SELECT count(*) FROM rollup_month_made")" 3
is "before, all is well" "$(broken)" ""
label() { echo "(SELECT label_id FROM label WHERE site_id = 1 AND value = '$1')"; }
country=$(sql "SELECT value FROM visit JOIN label ON (label.site_id, label_id) = (visit.site_id, country) WHERE visit.site_id = 1 AND value <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
browser=$(sql "SELECT value FROM visit JOIN label ON (label.site_id, label_id) = (visit.site_id, browser) WHERE visit.site_id = 1 AND value <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
source=$(sql "SELECT value FROM visit JOIN label ON (label.site_id, label_id) = (visit.site_id, source) WHERE visit.site_id = 1 AND value <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
round "a country" "country=$country" "country = $(label "$country")"
round "a browser and a number" "browser=\"$browser\" events>3" "browser = $(label "$browser") AND events > 3"
round "a source without attention" "source=\"$source\" engaged=0" "source = $(label "$source") AND engaged_ms = 0"
round "a page" "page=/*1" "visit_id IN (SELECT visit_id FROM event JOIN label ON (label.site_id, label_id) = (event.site_id, path)
    WHERE event.site_id = 1 AND value LIKE '/%1' AND visit_id <> 0)"
round "a rate" "rate>1" "visit_id IN (SELECT visit_id FROM event WHERE site_id = 1 AND visit_id <> 0
    GROUP BY visit_id, date_trunc('minute', ts) HAVING count(*) > 1)"
round "everything" "page=*" "true"

before=$(figures | md5sum)
purge --site a.test --rule "country=$country" --from 2026-09-20 --apply > /dev/null
purge --site a.test --rule "browser=\"$browser\"" --from 2026-09-20 --apply > /dev/null
is "two purges that overlap" "$(broken)" ""
# Their visitors come again: a visit of its own, for the purged one is closed.
rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1,2,3 start=$start seed=8 events=1000 span=250000 visitors=200
drain > /dev/null
is "and more events" "$(broken)" ""
first=$(sql 'SELECT min(purge_id) FROM purge WHERE undone_at IS NULL')
purge --undo "$first" > /dev/null
is "the first is undone before the second" "$(broken)" ""
purge --undo $((first + 1)) > /dev/null
is "and both" "$(broken)" ""
is "nothing is left of them" "$(sql 'SELECT count(*) FROM event WHERE purge_id IS NOT NULL OR robot = 8') $(sql 'SELECT count(*) FROM visit WHERE purge_id IS NOT NULL')" "0 0"
purge --undo "$first"
is "none is undone twice" "$? $(grep -c 'undone already' "$work/err")" "1 1"
purge --undo 999
is "nor one that is not there" "$? $(grep -c 'no such purge' "$work/err")" "1 1"
is "the audit has a line each" "$(sql "SELECT count(*) FILTER (WHERE action = 'purge.apply') = count(*) FILTER (WHERE action = 'purge.undo') FROM audit")" t
is "the list shows them" "$(purge --list | grep -c 'undone$')" "$(sql 'SELECT count(*) FROM purge')"

while IFS='|' read -r rule want; do
	purge --site a.test --rule "$rule" --dry-run
	is "refused: $rule" "$? $(grep -c -F -- "$want" "$work/err")" "1 1"
done <<'CASES'
|rule is empty
country|wants conditions like
colour=red|knows no "colour="
rate>many|wants a whole number from 1 behind "rate>"
rate>0|wants a whole number
speed>5|knows no "speed>"
engaged=1|knows no "engaged="
CASES
sql "UPDATE site SET rolled_since = '2026-09-23' WHERE site_id = 1"
purge --site a.test --rule 'page=*' --from 2026-09-22 --apply
is "days from before an upgrade are refused, which is said" "$? $(grep -c 'must be 2026-09-23 or later: earlier visits are from before an upgrade' "$work/err")" "1 1"
purge --site a.test --rule 'page=*' --from 2026-09-23 --dry-run > "$work/out"
is "later ones are not" "$? $(grep -c '^[1-9][0-9]* visits with .* would go' "$work/out")" "0 1"
sql "UPDATE site SET rolled_since = NULL WHERE site_id = 1"
sql "DROP TABLE event_20260921, visit_20260921"
purge --site a.test --rule 'page=*' --from 2026-09-20 --dry-run
is "days of which only sums are kept are refused" "$? $(grep -c 'of earlier days only sums are kept' "$work/err")" "1 1"
plan
