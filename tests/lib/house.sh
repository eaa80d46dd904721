# house.sh - a whole house for tests of outages: PostgreSQL of its own, collector, follower, statistics, nginx. Source it
# after pg.sh, tap.sh, collect.sh and web.sh.
#
#   house_start               all of it, with the site example.com; DIR, log, key; skips the test where something is missing
#   follow_start              FOLLOWER;  stats_start: STATS
#   load_start NAME ARGS...   tests/lib/load in the background, ledger $DIR/acks.NAME;  load_wait NAME: until it ended; shows its last line
#   house_asks SQL            the answer;  drained N: there are N events
#   house_exact               every acknowledged id is an event, once: prints "LOST TWICE"
#   house_stop                for the EXIT trap

FOLLOWER= STATS= LOAD=
follow_start() {
	"$FF_BUILDDIR/footfall-cron" follow 2>>"$log" &
	FOLLOWER=$!
}
stats_start() {
	rm -f "$DIR/run/stats.sock"
	"$FF_BUILDDIR/footfall-stats.fcgi" --listen "$DIR/run/stats.sock" 2>>"$log" &
	STATS=$!
	wait_for 5 test -S "$DIR/run/stats.sock"
}
house_start() {
	web_program nginx >/dev/null || skip_all "nginx is not here"
	pg_start "$@" || skip_all "no PostgreSQL"
	DIR=$(mktemp -d "${TMPDIR:-/tmp}/ffhouse.XXXXXX")
	log=$DIR/log
	mkdir "$DIR/run" "$DIR/state"
	printf '%s\n' "database = $FF_TEST_DB" "state_dir = $DIR/state" "run_dir = $DIR/run" "agent.regexes =" "spool.segment_size = 1M" \
		"limit.address = off" "limit.viewer = off" "limit.site = off" "robots.pace = 1000000/s" >"$DIR/footfall.conf"
	chmod 640 "$DIR/footfall.conf"
	export FOOTFALL_CONF=$DIR/footfall.conf
	"$FF_BUILDDIR/footfall" site add example.com >/dev/null
	key=$("$FF_BUILDDIR/footfall" key add house)
	for task in partitions salts snapshot; do "$FF_BUILDDIR/footfall-cron" run $task 2>>"$log" >/dev/null; done
	collect_start && stats_start && follow_start && WEB_EDIT='/limit_conn /d' web_start nginx "$DIR/run"
}
load_start() {
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks.$1" "${@:2}" >"$DIR/load.$1" &
	LOAD=$!
}
load_wait() {
	wait $LOAD
	LOAD=
	sed "s/^/# $1: /" "$DIR/load.$1"
}
house_asks() { pg_psql -At -c "$1" 2>/dev/null; }
acked() { cat "$DIR"/acks.* | wc -l; }
drained() { [ "$(house_asks 'SELECT count(*) FROM event')" = "$1" ]; }
house_exact() {
	house_asks 'SELECT event_id FROM event' | sort >"$DIR/stored"
	cat "$DIR"/acks.* | sort >"$DIR/acked"
	echo "$(comm -23 "$DIR/acked" "$DIR/stored" | wc -l) $(uniq -d "$DIR/stored" | wc -l)"
}
# Every record that is in the spool came to the database, and all promises between tables hold.
house_sound() {
	is "nothing acknowledged is lost, nothing is there twice ($(acked) acknowledged)" "$(house_exact)" "0 0"
	is "the books agree with the rows" "$(pg_psql -At -f "$FF_SRCDIR/tests/lib/invariants.sql")" ""
	is "nothing was set aside" "$(house_asks 'SELECT count(*) FROM bad_record')" 0
}
house_stop() {
	local pid
	[ -z "$LOAD" ] || kill $LOAD 2>/dev/null
	for pid in $FOLLOWER $STATS; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	web_stop
	collect_stop KILL
	pg_stop
	[ -z "${DIR:-}" ] || rm -rf "${DIR:?}"
}
