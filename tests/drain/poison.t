#!/bin/bash
# Records that cannot be stored are quarantined, all of them and nothing else; too many of them stop the drain.
# FF_LONG=1: ten thousand of them.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
poison=600 events=6000
[ -z "${FF_LONG:-}" ] || { poison=10000 events=60000; }

make_sites
spool seed=11 events=$events poison=$poison span=80000 visitors=300
drain batch=2500 >"$work/out" 2>&1
ok $? "$poison damaged records of 148 kinds: $(tail -n 1 "$work/out")"
same 2500
ok $? "all are in the quarantine and counted, their neighbours in the tables"
[ "$(sql "SELECT count(DISTINCT reason) FROM bad_record")" -ge 3 ]
ok $? "with their reasons: $(sql "SELECT string_agg(DISTINCT reason, ', ') FROM bad_record")"

# PostgreSQL itself refuses: constraints of this test stand for what nobody has thought of.
empty
rm -rf "$work"/*
make_sites
sql "ALTER TABLE event ADD CONSTRAINT refuse CHECK (value_micros <> 666);
     ALTER TABLE label ADD CONSTRAINT refuse CHECK (value <> 'refuse me');
     CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
         RAISE EXCEPTION 'refused' USING ERRCODE = '22P05'; END \$\$;
     CREATE TRIGGER refuse BEFORE INSERT ON content FOR EACH ROW WHEN (NEW.key = 'refuse me') EXECUTE FUNCTION refuse()"
spool seed=12 events=3000 refused=24 span=80000 visitors=200
drain batch=1000 >"$work/out" 2>&1
ok $? "records refused by the database: $(tail -n 1 "$work/out")"
# Browsers of events that begin no visit are not stored, so not all of that kind are refused.
n=$(sql "SELECT count(*) FROM bad_record")
marked=$(sql "SELECT count(*) FROM event e JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.name)
    WHERE value_micros = 666 OR l.value = 'refuse me'")
[ "$n" -ge 12 ] && [ "$n" -le 24 ] && [ "$marked" = 0 ]
ok $? "$n quarantined, none stored"
[ "$(sql "SELECT count(*) FROM event")" = $((3000 - n)) ]
ok $? "their neighbours are stored"
[ -z "$(psql -X -q -At -f "$top/tests/lib/invariants.sql")" ]
ok $? "the rules between tables hold"
[ "$(sql "SELECT count(*) FROM bad_record WHERE reason ~ '^2(2P05|3514): '")" = "$n" ]
ok $? "the reason is the database's own"

# Too many: nothing is taken, and the segments stay.
sql "DROP TRIGGER refuse ON content; ALTER TABLE event DROP CONSTRAINT refuse; ALTER TABLE label DROP CONSTRAINT refuse"
empty
rm -rf "$work"/*
make_sites
spool seed=13 events=1000 poison=100 span=80000
"$lib/drainer" "$work/spool" now=$now >"$work/out" 2>&1
[ $? = 1 ] && grep -q '^INTERNAL' "$work/out" && [ "$(sql "SELECT count(*) FROM event")" = 0 ]
ok $? "too many bad records stop the drain: nothing of the batch is taken"
grep -q 'cannot be stored' "$work/out" && [ "$(segments)" -gt 0 ]
ok $? "it says so, and keeps the segments"
drain >/dev/null && same 50000 >/dev/null
ok $? "allowed by an operator, it goes on"
plan
