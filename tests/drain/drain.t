#!/bin/bash
# The drain end to end: every table is what an independent model says, whatever the batches, lateness and repeats.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT

scene() { # NAME BATCH key=value...
	local name=$1 batch=$2
	shift 2
	empty
	rm -rf "$work"/*
	make_sites
	spool "$@"
	drain batch="$batch" >"$work/out" 2>&1
	ok $? "$name: drains ($(tail -n 1 "$work/out"))"
	same "$batch"
	ok $? "$name: all figures are exact"
}

scene "one batch" 100000 seed=1 events=6000 span=90000 visitors=300
scene "many small batches over five days" 311 seed=2 events=8000 span=350000 visitors=150 repeats=8
scene "visits in a row, late events, small segments" 500 seed=3 events=8000 span=30000 visitors=900 pause=200 late=15 \
    segment=262144 repeats=3
scene "single records" 1 seed=4 events=400 span=40000 visitors=20 late=20 repeats=10
now=1793300000
scene "a change of daylight saving time" 1000 seed=5 events=5000 visitors=200 start=1792870000 span=300000 late=5

out=$(drain)
[ "${out%% stored*}" = "OK records 0" ] && same 1000 >/dev/null
ok $? "draining an empty spool changes nothing"
[ "$(segments)" = 0 ]
ok $? "drained segments are given back"

# The same lines once more, in new segments: imported ones and clients' ids count once.
before=$(sql "SELECT count(*) FROM event WHERE flags & 9 <> 0")
rm -rf "$work"/*
"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=5 events=5000 visitors=200 start=1792870000 span=300000 late=5
drain >/dev/null
[ "$(sql "SELECT count(*) FROM event WHERE flags & 9 <> 0")" = "$before" ]
ok $? "records with known ids are not stored again"
[ "$(sql "SELECT sum(n) FROM drain_count WHERE reason = 17")" -ge "$before" ]
ok $? "and are counted as duplicates"
[ -z "$(psql -X -q -At -f "$top/tests/lib/invariants.sql")" ]
ok $? "the rules between tables hold"
plan
