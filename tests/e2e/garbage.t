#!/bin/bash
# S2: distinct bad requests at every endpoint of the collector and of the statistics, from their own route tables: no 5xx,
# no row of a broken one, each counted by a reason. Short form: 1,000 an endpoint; FF_LONG=1 or FF_GARBAGE=N: 10,000.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
stats=
clean() {
	[ -z "$stats" ] || { kill $stats; wait $stats; } 2>/dev/null
	collect_clean
	[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"
}
trap clean EXIT
n=${FF_GARBAGE:-$([ -n "${FF_LONG:-}" ] && echo 10000 || echo 1000)}
seed=${FF_SEED:-1}

cron_setup
DIR=$cron_dir
# Limits would hide what they turn away.
printf '%s\n' "agent.regexes =" "limit.address = off" "limit.viewer = off" "limit.site = off" >>"$FOOTFALL_CONF"
"$FF_BUILDDIR/footfall" site add example.com >/dev/null
q "UPDATE site SET public_id = '01010101-0101-0101-0101-010101010101', default_kind = 'video'"
key=$("$FF_BUILDDIR/footfall" key add garbage --scopes "stats:read events:write content:write")
for task in partitions salts snapshot; do cron run $task >/dev/null; done
collect_start || exit 1
"$FF_BUILDDIR/footfall-stats.fcgi" --listen "$run/stats.sock" 2>>"$log" &
stats=$!
ok "the statistics listen" wait_for 5 test -S "$run/stats.sock"
"$FF_BUILDDIR/footfall" routes >"$DIR/routes"

throw() { # PROGRAM SOCKET ARGS...
	"$FF_SRCDIR/tests/lib/garbage.py" "$1" "$2" --routes "$DIR/routes" --n "$n" --seed "$seed" "${@:3}" >"$DIR/out" 2>&1
	code=$?
	sed 's/^/# /' "$DIR/out"
	return $code
}
ok "the collector: no 5xx, nothing of broken requests, each counted (seed $seed, $n an endpoint)" \
	throw footfall-collect.fcgi "$run/collect.sock" --key "$key" --ledger "$state/ledger" --ledgerdump "$TOOLS/ledgerdump"
stored=$(ledger stored)
is "the spool holds what the ledger calls stored" "$(spool_count)" "$stored"
ok "some mutants were as good as before, so that the way was open" test "$stored" -gt 0
ok "it still runs" kill -0 "$COLLECT_PID"
collect_stop
for _ in $(seq 100); do
	cron run drain >/dev/null
	[ "$(spool_count)" = 0 ] && break
done
is "all of it drains: a row, or a repetition of an id" "$(q "SELECT (SELECT count(*) FROM event)
	+ (SELECT coalesce(sum(n), 0) FROM drain_count WHERE reason = 17)")" "$stored"
is "the database refuses none of it" "$(q 'SELECT count(*) FROM bad_record')" 0
is "the books agree with the rows" "$(psql -X -q -At -f "$FF_SRCDIR/tests/lib/invariants.sql")" ""

before=$(q 'SELECT count(*) FROM event')
ok "the statistics: no 5xx" throw footfall-stats.fcgi "$run/stats.sock" --key "$key"
is "and no row more" "$(q 'SELECT count(*) FROM event')" "$before"
ok "without a key: no 5xx" throw footfall-stats.fcgi "$run/stats.sock"
[ $tap_failed = 0 ] || tail -n 20 "$log" "$DIR/collect.log" | sed 's/^/# /'
finish
