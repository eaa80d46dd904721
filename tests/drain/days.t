#!/bin/bash
# Events of very many days at once, as a backend may bring its history: more tables than PostgreSQL has locks for in one
# transaction. The drain takes less at a time; it does not stop. Days that are older than retention.raw get no tables at all.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
pg_start || exit 99
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"; pg_stop' EXIT
printf '%s\n' "max_locks_per_transaction = 64" "max_connections = 10" "max_worker_processes = 1" "max_wal_senders = 0" \
	"autovacuum_max_workers = 1" | pg_as tee -a "$PG_DIR/data/postgresql.conf" >/dev/null
pg_restart || exit 99

make_sites
days=200
now=$((start + (days + 2) * 86400))
spool seed=3 events=2000 visitors=100 span=$((days * 86400))
for _ in $(seq 60); do
	drain batch=100000 >>"$work/out" 2>&1 || break
	[ "$(segments)" != 0 ] || break
done
grep -q "too many for the database's memory" "$work/out"
ok $? "$days days in one batch are too many tables"
[ "$(segments)" = 0 ]
ok $? "all of it drains nevertheless ($(tail -n 1 "$work/out"))"
[ "$(sql "SELECT count(DISTINCT ts::date) > $((days - 20)) FROM event")" = t ]
ok $? "the days are there"
[ "$(sql "SELECT sum(n) FROM drain_count")" = 2000 ]
ok $? "each record was taken once"

# Thousands of days, most of them older than retention.raw.
tables() { sql "SELECT count(*) FROM pg_class WHERE relname ~ '^(event|visit|content_window)_[0-9]{8}$'"; }
sql "SELECT DISTINCT format('SELECT footfall_partition_drop(%L);', to_date(right(relname, 8), 'YYYYMMDD')) FROM pg_class
	WHERE relname ~ '^event_[0-9]{8}$'" | psql -X -q -At >/dev/null
days=4000
from=$((start - days * 86400))
timed() { # sets took (microseconds)
	took=$EPOCHREALTIME
	"$@" >"$work/out" 2>&1
	local rc=$?
	took=$((${EPOCHREALTIME/./} - ${took/./}))
	return $rc
}
fresh() {
	empty
	rm -rf "$work"/*
	make_sites
}
now=$start
fresh
spool seed=4 events=20000 visitors=3000 start=$((start - 86400)) span=86400
timed drain raw=604800
ok $? "20,000 events of one day drain ($(tail -n 1 "$work/out"))"
one=$took
before=$(tables)
fresh
spool seed=4 events=20000 visitors=3000 start=$from span=$((days * 86400)) repeats=5
timed drain raw=604800
ok $? "as many of $days days do ($(tail -n 1 "$work/out"))"
echo "# one day: $one us, $days days: $took us"
[ "$took" -lt $((one * 20)) ]
ok $? "in a time of the same order, though every day has its own figures"
same 100000
ok $? "all figures are exact"
[ "$(($(tables) - before))" -le 24 ]
ok $? "only days that are kept have tables of their own ($before before, $(tables) now)"
[ "$(sql "SELECT count(*) > 10000 FROM event_default")" = t ]
ok $? "the others are in DEFAULT"

# A retry, before and after the rows are gone.
again() {
	rm -rf "$work/spool"
	"$lib/mkspool" "$work/spool" "$work/more" sites=1,2,3 seed=4 events=20000 visitors=3000 start=$from \
		span=$((days * 86400)) repeats=5
}
known="SELECT count(*) FROM event WHERE flags & 9 <> 0"
kept=$(sql "$known")
again
drain raw=604800 >"$work/out" 2>&1
[ "$(sql "$known")" = "$kept" ]
ok $? "records with known ids are not stored again ($(tail -n 1 "$work/out"))"
sql "TRUNCATE event_default, visit_default, content_window_default"
kept=$(sql "$known")
again
drain raw=604800 >"$work/out" 2>&1
[ "$(sql "$known")" = "$kept" ]
ok $? "nor when their rows are gone ($(tail -n 1 "$work/out"))"
plan
