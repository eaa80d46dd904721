#!/bin/bash
# A flood of junk does not grow the rollups: a day has so many values of a dimension, the others are one.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
broken() { psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/invariants.sql" 2>&1 | head -n 10; }
wrong() {
	"$FF_BUILDDIR/footfall" --conf "$work/conf" rollup verify --site a.test --from 2026-09-21 --to 2026-09-24 2>&1 |
		awk 'NF == 3 && $2 + 0 > 0 && $3 > 0'
}
most() { # values of a dimension in a day of site 1, at most
	sql "SELECT max(n) FROM (SELECT count(*) AS n FROM rollup_day WHERE site_id = 1 AND dim NOT IN (0, 4, 7, 16, 17, 19, 32, 33)
	    GROUP BY dim, bucket) x"
}

make_sites
sql "UPDATE site SET values_max = 40 WHERE site_id = 1; UPDATE site SET values_max = 3 WHERE site_id = 3"
spool seed=21 events=5000 span=150000 visitors=250 junk=60 late=8
drain batch=600 > "$work/out"
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-20'::date, '2026-10-02', '1 day') d" > /dev/null
"$lib/drainer" "$work/spool" batches=-1 settle=1 > /dev/null
is "no dimension of a day has more values, and one for all others" "$(most)" 41
is "pages, cities and entries were too many" "$(sql "SELECT string_agg(DISTINCT dim::text, ' ') FROM rollup_day
    JOIN label USING (site_id) WHERE label_id = rollup_day.value AND label.value = '(other)' AND site_id = 1 AND dim IN (1, 23, 25)")" "1 23 25"
is "hours have no others than their day" "$(sql "SELECT count(*) FROM rollup_hour h JOIN site s USING (site_id) WHERE NOT EXISTS (
    SELECT FROM rollup_day d WHERE (d.site_id, d.dim, d.value, d.bucket)
        = (h.site_id, h.dim, h.value, (h.bucket AT TIME ZONE s.time_zone)::date))")" 0
is "items' sources neither" "$(sql "SELECT count(*) FROM content_day_by b WHERE b.dim = 3 AND NOT EXISTS (
    SELECT FROM rollup_day d WHERE (d.site_id, d.dim, d.value, d.bucket) = (b.site_id, b.dim, b.value, b.bucket))")" 0
[ "$(sql "SELECT count(*) FROM content_day_by b JOIN label l ON (l.site_id, l.label_id) = (b.site_id, b.value)
    WHERE b.site_id = 3 AND b.dim = 3 AND l.value = '(other)'")" -gt 0 ]
ok $? "of which some are others"
is "nothing is lost" "$(broken)" ""
is "nothing is taken from where it was not added" "$(sql "SELECT count(*) FROM rollup_day WHERE least(visits, bounces, duration_s, pageviews,
    views, events, engaged_ms) < 0")" 0
is "the raw rows say so" "$(wrong)" ""
sql "UPDATE rollup_day SET views = views + 1 WHERE ctid IN (SELECT ctid FROM rollup_day WHERE site_id = 1 AND dim = 1 LIMIT 1)"
is "damage is found there too" "$(wrong)" "$(printf '%-16s %12s %12s' rollup_day "$(wrong | awk '{ print $2 }')" 1)"
"$FF_BUILDDIR/footfall" --conf "$work/conf" rollup rebuild --site a.test --from 2026-09-21 --to 2026-09-24 > "$work/out" 2>&1
is "counted anew, it is right" "$(wrong)" ""
is "and as narrow" "$(most)" 41

rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1,2,3 start=$start seed=22 events=2000 span=150000 visitors=250 junk=60 late=8
drain batch=600 > "$work/out"
is "more of it changes nothing" "$(most) $(broken)" "41 "
plan
