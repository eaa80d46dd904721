#!/bin/bash
# A dashboard is answered from rollups: no plan of its questions touches a single event or visit, nor reads a table whole.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
build=$(cd "${FF_BUILDDIR:-.}" && pwd)
work=$(mktemp -d) || exit 99
trap 'pg_stop; rm -rf "${work:?}"' EXIT
pg_start --fsync || exit 99 # a cluster of its own: its log is read
pg_psql -c "ALTER SYSTEM SET log_line_prefix = '%a|'" -c 'SELECT pg_reload_conf()' >/dev/null
start=1790000000 # 2026-09-21
pg_psql -c "INSERT INTO site (domain, name, time_zone, secret) VALUES ('a.test', 'A', 'Europe/Berlin', decode(repeat('00', 32), 'hex'))"
"$build/tests/lib/mkspool" "$work/spool" "$work/ledger" sites=1 events=60000 visitors=3000 pause=60 start=$start \
    span=$((120 * 86400)) group=500
ok "some months are drained" "$build/tests/lib/drainer" "$work/spool" now=$((start + 120 * 86400)) weeks=1
pg_psql -c 'VACUUM ANALYZE' # as autovacuum leaves tables

# The plan of each statement goes to the server's log, behind the question's name.
plans() { # SET FIRST LAST
	local before
	before=$(wc -l <"$PGHOST/log")
	PGOPTIONS="-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0" \
	    "$build/tests/fact/asker" "$1" 1 Europe/Berlin "$2" "$3" 1 >"$work/$1" || return 1
	tail -n "+$((before + 1))" "$PGHOST/log" | awk '
	    match($0, /^question [a-z-]+\|/) { name = substr($0, 10, RLENGTH - 10) } { print name, $0 }' >"$work/$1.plans"
}
touched() { # SET PATTERN: the questions whose plans hold it
	grep -E "$2" "$work/$1.plans" | cut -d' ' -f1 | sort -u | paste -sd' '
}
single='(on|using) "?(event|visit|content_window)_'
# Tables that hold a few rows may be read whole: settings, months that are made, the items and the words of a small site.
whole='Seq Scan on "?(rollup_(hour|day) |content_(hour|day) |event|visit)'

for range in "30 days 2026-12-01 2026-12-30" "a day 2026-12-10 2026-12-10"; do
	read -r n unit first last <<<"$range"
	ok "a dashboard of $n $unit is answered" plans dashboard "$first" "$last"
	like "its plans are told" "$(touched dashboard 'Scan using rollup_day')" pages
	is "no plan of $n $unit reads single events" "$(touched dashboard "$single")" ""
	is "no plan of $n $unit reads a table whole" "$(touched dashboard "$whole")" ""
done
ok "what no rollup has is answered" plans raw 2027-01-10 2027-01-12
is "and from single events" "$(awk '$2 != "raw" && $1 != "all"' "$work/raw" | wc -l)" 0
is "within the days asked for" "$(grep -cE 'event_(20261|2027010[0-7])|event_default' "$work/raw.plans")" 0
finish
