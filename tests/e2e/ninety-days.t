#!/bin/bash
# Three months by a clock that is moved: each day's events, then all tasks as they fall due. Ends of months, the nights on which
# two zones change their clocks, and retention among them. At the end every figure is the independent count of all events.
# Short form: 35 days from 5 October; FF_LONG=1: 90 days from 25 August.
. "${FF_SRCDIR:?}/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
days=$([ -n "${FF_LONG:-}" ] && echo 90 || echo 35)
first=$([ -n "${FF_LONG:-}" ] && echo 2026-08-25 || echo 2026-10-05)
seed=${FF_SEED:-$RANDOM}
cron_dir= clocks=
cleanup() {
	pg_stop
	[ -z "$cron_dir" ] || rm -rf "${cron_dir:?}"
	[ -z "$clocks" ] || rm -rf "${clocks:?}"
}
trap cleanup EXIT
clocks=$(mktemp -d /tmp/ff-clock.XXXXXX) && chmod 755 "$clocks"
clock_begin "$clocks"
chmod 644 "$CLOCK"
clock_at "$first"
export LD_PRELOAD=${CLOCKED[1]#*=} FF_CLOCK=$CLOCK # the database's clock is that of the tasks
FF_TEST_CLUSTER= pg_start || { unset LD_PRELOAD; skip_all "no PostgreSQL"; } # made under that clock, not copied
unset LD_PRELOAD
cron_setup
cron() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall-cron" "$@" 2>>"$log"; }
q "INSERT INTO site (domain, name, time_zone, secret) SELECT lower(z) || '.test', z, z, decode(repeat('00', 32), 'hex')
	FROM unnest('{Europe/Berlin,America/St_Johns}'::text[]) z"
is "the database reads the clock of the test" "$(q "SELECT (now() AT TIME ZONE 'UTC')::date")" "$first"

bad=0
for ((d = 0; d < days; d++)); do
	day=$(date -u -d "$first + $d days" +%s)
	clock_set $((day - $(date +%s) + 30))
	cron run >/dev/null || bad=$((bad + 1))
	"$FF_BUILDDIR/tests/lib/mkspool" "$state/spool" "$cron_dir/ledger.$(printf %03d $d)" sites=1,2 seed=$((seed + d)) events="${FF_EVENTS:-80}" \
		visitors=25 pause=300 late=4 repeats=2 start="$day" span=86400 segment=1048576 || bad=$((bad + 1))
	clock_set $((day + 86400 - $(date +%s) + 5))
	cron run drain >/dev/null || bad=$((bad + 1))
done
clock_set $((day + 86400 + 7200 - $(date +%s)))
cron run >/dev/null || bad=$((bad + 1))
is "$days days from $first: all tasks went well (seed $seed)" $bad 0
is "none of them ever failed" "$(q 'SELECT count(*) FROM task_run WHERE NOT ok') $(q 'SELECT count(*) FROM task WHERE failures > 0')" "0 0"
is "each ran on each day" "$(q "SELECT string_agg(task, ' ') FROM task WHERE last_ok_at IS NULL OR last_ok_at < now() - interval '1 hour'")" ""
ok "every figure is that of all events" python3 "$FF_SRCDIR/tests/lib/ninety.py" "$FF_SRCDIR/tests/drain/model.py" "$cron_dir"/ledger.*
is "nothing was set aside, nothing stands in DEFAULT" "$(q 'SELECT (SELECT count(*) FROM bad_record), (SELECT count(*) FROM event_default)')" "0|0"
is "the spool is empty" "$(q 'SELECT count(*) FROM spool_position WHERE NOT finished')" 0
finish
