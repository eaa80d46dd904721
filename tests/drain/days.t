#!/bin/bash
# Events of very many days at once, as a backend may bring its history: more tables than PostgreSQL has locks for in one
# transaction. The drain takes less at a time; it does not stop.
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
plan
