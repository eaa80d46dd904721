#!/bin/bash
# Months are made of their days when they are over; what comes later is added to them too.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
start=1790550000 # 2026-09-27 23:00 UTC
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
made() { sql "SELECT string_agg(site_id || ' ' || bucket, ', ' ORDER BY bucket, site_id) FROM rollup_month_made"; }

make_sites
spool seed=3 events=3000 visitors=200 span=500000 late=5
now=$((start + 500000)) # 3 October
drain batch=1000 months=1 >"$work/out"
is "only what is over for a day is made" "$(made)" "1 2026-09-01, 2 2026-09-01, 3 2026-09-01"
same 1000
ok $? "a month is the sum of its days"

rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1,2,3 seed=4 events=2000 visitors=200 start=$start span=500000 late=5
drain batch=1000 >"$work/out"
same 1000
ok $? "late events are added to it"

now=$((start + 4000000)) # November
drain months=1 >"$work/out"
is "the next one follows" "$(made)" "1 2026-09-01, 2 2026-09-01, 3 2026-09-01, 1 2026-10-01, 2 2026-10-01, 3 2026-10-01"
same 1000
ok $? "each month is the sum of its own days"
drain months=1 >"$work/out"
same 1000
ok $? "nothing is made twice"
plan
