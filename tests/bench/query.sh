#!/bin/bash
# query.sh - how long questions take: a dashboard of 30 days from rollups, counters of 200 items, and what needs single
# events of the last 7 days; for each number of events, so that growth shows.
#
# For each of SIZES: so many events of 30 days, 2,000 pages, some hundred referrers and VISITORS visitors go through a spool
# and the drain; weeks that are over are made, as the task would; older partitions are dropped; each question is asked
# ROUNDS times on one connection. Prints the median of each question in milliseconds, the sum of a dashboard, the growth
# between the sizes, and bytes an event.
#   SIZES="1000000 10000000" VISITORS=100000 ROUNDS=11 tests/bench/query.sh
set -eu
top=${FF_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${FF_BUILDDIR:-$PWD}
sizes=${SIZES:-1000000 10000000} visitors=${VISITORS:-100000} rounds=${ROUNDS:-11}
# Two more partitions than days: local days begin before UTC's, and visits before their last events.
start=1788220800 days=30 kept=9 raw=7 # 2026-09-01 00:00 UTC
end=$((start + days * 86400))
day() { date -u -d "@$((start + $1 * 86400))" +%F; }

. "$top/tests/lib/pg.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/ffbench.XXXXXX")
trap 'pg_stop; rm -rf "$work"' EXIT

fill() { # EVENTS
	"$build/tests/lib/mkspool" "$work/spool" /dev/null sites=1 events="$1" visitors="$visitors" pause=60 start=$start \
	    span=$((days * 86400)) group=500
	SECONDS=0
	"$build/tests/lib/drainer" "$work/spool" now=$end weeks=1 >"$work/drained"
	drained=$SECONDS
	rm -rf "$work/spool"
	for ((d = -1; d < days - kept; d++)); do
		pg_psql -Atc "SELECT footfall_partition_drop('$(day $d)')" >/dev/null
	done
	pg_psql -c 'VACUUM ANALYZE' -c 'CHECKPOINT'
}

bytes() { # EVENTS: of a single event, and of all rollups by event
	pg_psql -At -F' ' -c "
	    WITH size AS (SELECT pg_total_relation_size(c.oid) AS n, c.relname ~ '^(event|visit|content_window)_' AS raw
	        FROM pg_class c WHERE c.relkind = 'r'
	          AND c.relname ~ '^(event_|visit_|content_window_|rollup_(hour|day|week|month)|content_(hour|day|week|month)|label\$)')
	    SELECT round(sum(n) FILTER (WHERE raw) / greatest((SELECT count(*) FROM event), 1)),
	        round(sum(n) FILTER (WHERE NOT raw) / $1.0, 1) FROM size"
}

for size in $sizes; do
	pg_start --fsync
	pg_psql -c "ALTER SYSTEM SET shared_buffers = '512MB'" -c "ALTER SYSTEM SET work_mem = '32MB'" \
	    -c "ALTER SYSTEM SET max_wal_size = '8GB'" -c "ALTER SYSTEM SET checkpoint_timeout = '1h'" >/dev/null
	pg_restart
	pg_psql -c "INSERT INTO site (domain, name, time_zone, secret)
	    VALUES ('a.test', 'A', 'Europe/Berlin', decode(repeat('00', 32), 'hex'))"
	fill "$size"
	echo "$size events, drained in $drained seconds:"
	"$build/tests/fact/asker" dashboard 1 Europe/Berlin "$(day 0)" "$(day $((days - 1)))" "$rounds" >"$work/$size"
	awk '$1 != "all" { printf "  %-28s %-6s %8.2f ms\n", $1, $2, $4 } $1 == "all" { printf "  a whole dashboard %26.2f ms\n", $4 }' \
	    "$work/$size"
	"$build/tests/fact/asker" counters 1 Europe/Berlin "$(day 0)" "$(day 0)" "$rounds" |
	    awk '{ printf "  counters of 200 items %22.2f ms\n", $4 }'
	echo "  from single events of $raw days:"
	"$build/tests/fact/asker" raw 1 Europe/Berlin "$(day $((days - raw)))" "$(day $((days - 1)))" 3 |
	    awk '$2 == "refused:" { print "  " $0; exit 1 } $1 != "all" { printf "  %-30s %-6s %8.2f ms\n", $1, $2, $4 }'
	read -r single rolled <<<"$(bytes "$size")"
	echo "  a single event takes $single bytes with its visit and indexes; rollups take $rolled bytes an event"
	pg_stop
done

first=${sizes%% *} last=${sizes##* }
[ "$first" = "$last" ] || join <(sort "$work/$first") <(sort "$work/$last") |
    awk -v a="$first" -v b="$last" '{ printf "  %-28s x %.2f\n", $1, $7 / $4 } BEGIN { print "growth from " a " to " b " events:" }'
