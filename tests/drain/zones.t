#!/bin/bash
# Hours sum to days, days to months and breakdowns to totals in every zone, also where a clock changes or a day is missing.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
zones="Europe/Berlin America/St_Johns Asia/Kathmandu Australia/Lord_Howe Pacific/Apia America/Havana Pacific/Chatham"

scene() { # NAME START
	start=$(date -u -d "$2" +%s) now=$((start + 45 * 86400))
	empty
	rm -rf "${work:?}"/*
	sql "INSERT INTO site (domain, name, time_zone, secret) SELECT 'z' || n || '.test', z, z, decode(repeat('00', 32), 'hex')
	     FROM unnest(string_to_array('$zones', ' ')) WITH ORDINALITY AS x(z, n)"
	"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3,4,5,6,7 seed=31 events=1500 visitors=150 late=6 start="$start" span=260000
	drain batch=400 settle=1 months=1 >"$work/out" 2>&1
	same 400
	ok $? "$1"
	"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1,2,3,4,5,6,7 seed=32 events=400 visitors=150 start="$start" span=260000
	drain batch=400 >>"$work/out" 2>&1
	broken=$(psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/invariants.sql" 2>&1)
	[ -z "$broken" ]
	ok $? "$1: what is late too" || echo "$broken" | head -n 5 | sed 's/^/# /'
}

scene "Chatham goes forward by its three quarters" "2026-09-25 12:00"
scene "Lord Howe goes forward by half an hour" "2026-10-02 12:00"
scene "Havana has midnight twice, St. John's an hour" "2026-10-31 00:00"
scene "Havana has no midnight" "2026-03-07 00:00"
scene "Apia has no 30 December" "2011-12-29 00:00"
plan
