#!/bin/bash
# Many open connections through nginx and through lighttpd, each with a request under way at any time: how many are
# acknowledged, whether any fails otherwise than by 503, and what the collector takes of memory meanwhile.
#   BENCH_OPEN ("1000 5000"): connections; BENCH_SECONDS (5) each
FF_SRCDIR=${FF_SRCDIR:-.} FF_BUILDDIR=${FF_BUILDDIR:-.}
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
trap 'web_stop; collect_clean' EXIT

seconds=${BENCH_SECONDS:-5}
failed=0
ulimit -n "$(ulimit -Hn)"
COLLECT_TMP=$(cd "$FF_BUILDDIR" && pwd)
export WEB_CONNECTIONS=16384

peak() { # FILE: the largest resident memory of the collector, in KB, until the file is removed
	local now most=0
	while [ -e "$1" ]; do
		now=$(awk '/^VmRSS/ { print $2 }' "/proc/$COLLECT_PID/status")
		[ "${now:-0}" -le "$most" ] || most=$now
		echo "$most" >"$1.peak"
		sleep 0.1
	done
}

run() { # SERVER CONNECTIONS
	local out watcher
	: >"$DIR/running"
	peak "$DIR/running" &
	watcher=$!
	out=$("$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks" --clients "$2" --seconds "$seconds")
	rm -f "$DIR/running"
	wait "$watcher"
	echo "connections: $1, $2 open: $out; collector at most $(($(cat "$DIR/running.peak") / 1024)) MB resident"
	[[ $out =~ refused\ ([0-9]+)\ \(503:\ ([0-9]+)\)\ failed\ 0 ]] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] || failed=1
}

for server in nginx lighttpd; do
	web_program $server >/dev/null || { echo "connections: $server is missing: skipped"; continue; }
	collect_setup "example.com" || exit 1
	collect_whole
	collect_start && WEB_EDIT='/limit_conn /d' web_start $server "$DIR/run" || exit 1
	for n in ${BENCH_OPEN:-1000 5000}; do run $server "$n"; done
	[ $failed = 0 ] || { tail -n 3 "$DIR/collect.log" "$WEB_DIR/error.log"; exit 1; }
	web_stop
	collect_clean
done
