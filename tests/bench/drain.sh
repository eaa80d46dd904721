#!/bin/bash
# drain.sh - the drain with everything on against a raw binary COPY of the same events into the same indexed table.
#
# In one run, in turns, medians: an hour of a site with ten million events a day (visits of some events in a row, half
# of the events with a client's id) in a spool; drained from empty tables by one process; then its event rows, as the drain
# left them, copied by psql into the empty event table. Prints both in events a second and their ratio; then what an event
# takes: WAL, rows of its own (with visits, windows and indexes), and sums, which grow with days and not with events.
#   EVENTS=400000 ROUNDS=3 BATCH=0 (the drain's default) tests/bench/drain.sh
set -eu
top=${FF_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${FF_BUILDDIR:-$PWD}
events=${EVENTS:-400000} rounds=${ROUNDS:-3} batch=${BATCH:-0}
start=1790000000 span=$((events * 86400 / 10000000))

. "$top/tests/lib/pg.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/ffbench.XXXXXX")
trap 'pg_stop; rm -rf "$work"' EXIT
pg_start --fsync
pg_psql -c "ALTER SYSTEM SET shared_buffers = '512MB'" -c "ALTER SYSTEM SET max_wal_size = '8GB'" \
    -c "ALTER SYSTEM SET checkpoint_timeout = '1h'" >/dev/null
pg_restart
pg_psql -c "INSERT INTO site (domain, name, time_zone, secret) SELECT d, d, 'Europe/Berlin', decode(repeat('00', 32), 'hex')
    FROM unnest(ARRAY['a.test', 'b.test']) AS d"
"$build/tests/lib/mkspool" "$work/full" "$work/ledger" sites=1,2 events=$events visitors=60000 pause=60 repeats=1 \
    start=$start span=$span group=500

seconds() { # COMMAND...: wall clock
	local from to
	from=$(date +%s%N)
	"$@" >"$work/out" || { cat "$work/out" >&2; exit 1; }
	to=$(date +%s%N)
	echo $(((to - from) / 1000))
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
empty() {
	PGOPTIONS='-c client_min_messages=warning' pg_psql -c 'TRUNCATE event, visit, rollup_hour, rollup_day, label, content, content_counter, import_seen, spool_position,
	    drain_count, bad_record, content_window, content_hour, content_day,
	     content_day_by, rollup_month, content_month, rollup_month_made,
	     rollup_unsettled, page_title, label_day CASCADE' -c 'CHECKPOINT'
}

wal() { pg_psql -At -c "SELECT pg_current_wal_insert_lsn() - '0/0'"; }
sizes() { # NAME LIKE...: bytes of tables with their partitions and indexes
	local like
	for like in "$@"; do
		pg_psql -At -c "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
		    WHERE relkind = 'r' AND relname ~ '^($like)(_[0-9]+|_default)?\$'"
	done | awk '{ n += $1 } END { printf "%d\n", n }'
}

for round in $(seq "$rounds"); do
	empty
	before=$(wal)
	cp -a "$work/full" "$work/spool"
	seconds "$build/tests/lib/drainer" "$work/spool" batch="$batch" now=$((start + span)) >>"$work/drain"
	echo $(($(wal) - before)) >>"$work/wal"
	sizes event visit content_window >>"$work/raw"
	sizes rollup_hour rollup_day content_hour content_day content_day_by >>"$work/sums"
	[ "$round" = 1 ] && cat "$work/out" && pg_psql -c '\copy (SELECT * FROM event) TO '"'$work/rows'"' (FORMAT binary)'
	rm -rf "$work/spool"
	empty
	seconds pg_psql -c '\copy event FROM '"'$work/rows'"' (FORMAT binary)' >>"$work/copy"
done
drain=$(median <"$work/drain") copy=$(median <"$work/copy")
awk -v n="$events" -v d="$drain" -v c="$copy" -v r="$rounds" 'BEGIN {
	printf "drain, everything on: %d events/s; raw binary COPY of the events alone: %d events/s; ratio %.2f (%d events, medians of %d)\n",
	    n * 1e6 / d, n * 1e6 / c, c / d, n, r }'
awk -v n="$events" -v w="$(median <"$work/wal")" -v r="$(median <"$work/raw")" -v s="$(median <"$work/sums")" 'BEGIN {
	printf "bytes an event: WAL %d, raw %d (event, visit, window), sums %d (hours and days)\n", w / n, r / n, s / n }'
