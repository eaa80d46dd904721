#!/bin/bash
# R11: the wall clock of the whole house (collector, cron, database) is stepped while it runs: over midnight, back an hour,
# on a day, far ahead and back again. Nothing acknowledged is lost, and within seconds all goes on as if nothing had been.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
follower=
clean() {
	[ -z "$follower" ] || { kill $follower; wait $follower; } 2>/dev/null
	collect_clean
	pg_stop
	[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"
	[ -z "${CLOCK:-}" ] || rm -rf "${CLOCK%/*}"
}
trap clean EXIT

# The server runs as somebody else: the clock stands where it may read it.
clock_dir=$(mktemp -d)
cp "$FF_BUILDDIR/tests/fault/clock.so" "$clock_dir/"
clock_begin "$clock_dir"
CLOCKED=(env LD_PRELOAD="$clock_dir/clock.so" FF_CLOCK="$CLOCK")
chmod 755 "$clock_dir" "$clock_dir/clock.so"
chmod 644 "$CLOCK"
clock_at 'tomorrow 12:00'
noon=$clock_off
export LD_PRELOAD=$clock_dir/clock.so FF_CLOCK=$CLOCK
FF_TEST_CLUSTER= pg_start || skip_all "no PostgreSQL" # made under that clock, not copied
unset LD_PRELOAD FF_CLOCK
is "the database goes by the same clock" "$(pg_psql -At -c "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')")" "$(clock_date '+%F %H')"

cron_setup
DIR=$cron_dir
echo "retention.raw = 3660d" >>"$FOOTFALL_CONF" # by the clock it would be right to drop what is a year old
COLLECT_WITH=("${CLOCKED[@]}")
tool() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall" "$@"; }
tool site add example.com >/dev/null
for task in partitions salts snapshot; do "${CLOCKED[@]}" "$FF_BUILDDIR/footfall-cron" run $task >/dev/null 2>>"$log"; done
collect_start || exit 1
"${CLOCKED[@]}" "$FF_BUILDDIR/footfall-cron" follow 2>>"$log" &
follower=$!
sent=0
beacons() { # PATH FIRST COUNT [SITE]
	local n
	n=$("$FF_SRCDIR/tests/lib/beacons.py" "$run/collect.sock" "$@")
	sent=$((sent + ${n:-0}))
	[ "${n:-0}" = "$3" ]
}
views() { echo "SELECT count(*), count(DISTINCT visitor) FROM event e JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE l.value = '$1'"; }
drained() { wait_for 8 says "$(views "$1")" "$2"; } # PATH "EVENTS|VISITORS"
# All is well after a step: views are taken with an identity of that day, drained, and what the operator sets is seen.
well() { # NAME
	local place=/after-${1// /-}
	ok "$1: there is a salt of the day" wait_for 5 grep -q "$(clock_date +%F)" "$run/salts"
	sleep 1.1 # the collector looks at its files once a second
	ok "$1: views are taken" beacons "$place" 1 20
	ok "$1: they are in the database within seconds, each visitor told apart" drained "$place" "20|20"
	is "$1: at the time of the clock" "$(q "SELECT DISTINCT abs(extract(epoch FROM ts - to_timestamp($(clock_date +%s)))) < 30
		FROM event e JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE l.value = '$place'")" t
}
# What waits for its period does not wait longer because the clock was set back.
punctual() { # NAME
	tool site add "$(clock_date "+n%s.example")" >/dev/null
	ok "$1: a new site is known within seconds" wait_for 9 grep -q "$(clock_date "+n%s" | cut -c1-8)" "$state/sites.snapshot"
	ok "$1: the database took the drain's report" wait_for 8 says "SELECT count(*) FROM task WHERE task IN ('drain', 'snapshot', 'salts')
		AND abs(extract(epoch FROM last_ok_at - now())) < 90" 3
}
well "at noon"

clock_at "$(clock_date +%F) 23:59:58"
beacons /evening 50 1
sleep 2.5
beacons /morning 50 1
is "it is another day" "$(clock_date +%H:%M)" 00:00
ok "over midnight: both views are there" wait_for 8 says "SELECT count(*) FROM event e JOIN label l
	ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE l.value IN ('/evening', '/morning')" 2
is "over midnight: one visit goes on under another salt" "$(q "SELECT count(DISTINCT visit_id) FROM event e JOIN label l
	ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE l.value IN ('/evening', '/morning')")" 1
well "over midnight"
clock_set $((clock_off - 3600))
well "back an hour"
punctual "back an hour"
clock_set $((clock_off + 86400))
well "on a day"
clock_set $((clock_off + 300 * 86400))
well "far ahead"
clock_set $((noon + 3 * 86400))
well "back again"
punctual "back again"
clock_set $((noon - 40 * 86400))
well "far back"

ok "the collector never ended" kill -0 "$COLLECT_PID"
ok "nor did the follower" kill -0 $follower
is "every acknowledged view is there, once" "$(q 'SELECT count(*), count(DISTINCT event_id) FROM event')" "$sent|$sent"
is "nothing was set aside" "$(q 'SELECT count(*) FROM bad_record')" 0
is "the books agree with the rows" "$(psql -X -q -At -f "$FF_SRCDIR/tests/lib/invariants.sql")" ""
[ $tap_failed = 0 ] || tail -n 15 "$log" "$DIR/collect.log" | sed 's/^/# /'
finish
