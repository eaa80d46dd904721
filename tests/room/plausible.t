#!/bin/bash
# Plausible's Stats API, v2 and v1: a few dozen events of five days go through collector, spool and drain, under a clock of
# their own; then one statistics program is asked all kinds of questions. Figures are counted from the list of events in
# plausible.py, which knows nothing of how they are made here.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
build=$(cd "${FF_BUILDDIR:-.}" && pwd)
room=$FF_SRCDIR/tests/room
dir=$(mktemp -d) || exit 99
pid=
cleanup() {
	[ -z "$pid" ] || { kill "$pid"; wait "$pid"; } 2>/dev/null
	pg_stop
	rm -rf "${dir:?}"
}
trap cleanup EXIT
fail() {
	echo "# set-up: $1" >&2
	tail -n 20 "$dir/log" >&2
	exit 99
}

pg_start || exit 99
mkdir -p "$dir/state/spool" "$dir/run"
python3 "$FF_SRCDIR/tests/lib/mmdb.py" "$dir/geo.mmdb" $(python3 "$room/plausible.py" places) || exit 99
printf '%s\n' "database = $FF_TEST_DB" "state_dir = $dir/state" "run_dir = $dir/run" "retention.raw = 365d" "agent.regexes =" \
	"geo.database = $dir/geo.mmdb" "spool.segment_size = 1M" "limit.address = off" "limit.viewer = off" "limit.site = off" \
	"robots.pace = off" >"$dir/conf"
chmod 600 "$dir/conf"
clock_begin "$dir"
tool() { "${CLOCKED[@]}" "$build/$1" --conf "$dir/conf" "${@:2}" >>"$dir/out" 2>>"$dir/log"; }

clock_at "2026-03-27 22:00"
tool footfall site add example.com --zone Europe/Berlin && tool footfall site add other.example || fail "sites"
python3 "$room/plausible.py" setup | pg_psql >/dev/null || fail "goals and segments"
write=$("$build/tests/room/make_key" 1 events:write)
for day in $(python3 "$room/plausible.py" days); do
	clock_at "$day $([ "$day" = 2026-03-31 ] && echo 12:30 || echo 23:30)"
	for task in salts partitions snapshot; do
		tool footfall-cron run $task || fail "$task"
	done
	python3 "$room/plausible.py" events "$day" >"$dir/body"
	"${CLOCKED[@]}" REQUEST_METHOD=POST REQUEST_URI=/api/events CONTENT_TYPE=application/json "CONTENT_LENGTH=$(stat -c %s "$dir/body")" \
	    REMOTE_ADDR=127.0.0.1 "HTTP_AUTHORIZATION=Bearer $write" "$build/footfall-collect.fcgi" --conf "$dir/conf" <"$dir/body" \
	    >"$dir/answer" 2>>"$dir/log"
	grep -q '"accepted"' "$dir/answer" && ! grep -Eq '"(dropped|invalid)"' "$dir/answer" || { cat "$dir/answer" >&2; fail "events"; }
done
clock_at "2026-03-31 12:30"
tool footfall-cron run drain || fail "drain"
key=$("$build/tests/room/make_key" 1 stats:read)
"${CLOCKED[@]}" "$build/footfall-stats.fcgi" --conf "$dir/conf" --listen "$dir/run/stats.sock" 2>>"$dir/log" &
pid=$!
wait_for 10 test -S "$dir/run/stats.sock" || fail "statistics program"
python3 "$room/plausible.py" ask "$dir/run/stats.sock" "$key" "$FF_SRCDIR/tests/lib"
rc=$?
grep -E 'Sanitizer|runtime error' "$dir/log" && rc=1
exit $rc
