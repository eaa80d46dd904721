#!/bin/bash
# Workers come and go under load and nobody notices: replaced one by one (SIGHUP), whole servers handed over on one
# socket, killed and crashing workers, with plain and with kept connections.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/web.sh"
build=${FF_BUILDDIR:-.}/tests/serve

if [ -z "${FF_ROLL_DIR:-}" ]; then # first the socket, then everything else with it as descriptor 0
	FF_ROLL_DIR=$(mktemp -d) || exit 99
	export FF_ROLL_DIR
	exec "$build/hold" "$FF_ROLL_DIR/stats.sock" "$0"
fi
dir=$FF_ROLL_DIR
exec 4<&0
ln -s stats.sock "$dir/collect.sock"
ln -s stats.sock "$dir/admin.sock"
main=
cleanup() {
	web_stop
	[ -z "$main" ] || { kill "$main"; wait "$main"; } 2>/dev/null
	rm -rf "${dir:?}"
}
trap cleanup EXIT

start() { # WORKERS: sets main
	"$build/server" --workers "$1" <&4 2>>"$dir/log" 4<&- &
	main=$!
}
# 16 at a time: one status a line.
load() { # PATH NUMBER
	curl -s -Z --parallel-max 16 --max-time 30 -o /dev/null -w '%{http_code}\n' "$(web_url "$1")?n=[1-$2]" 2>>"$dir/curl"
}
load_on() { # PATH: until $dir/loading is gone
	while [ -e "$dir/loading" ]; do load "$1" 500; done >"$dir/statuses"
}
workers_of() { cat "/proc/$1/task/$1/children" 2>/dev/null; }
napping() { [ "$(grep -c '^naps' "$dir/log")" -gt "$naps" ]; }
number_of_workers() { set -- $(workers_of "$1"); echo $#; }
has_workers() { [ "$(number_of_workers "$main")" = "$1" ]; }

# As many requests as a slow machine manages, but enough between two changes of workers that each meets some.
answered() { [ "$(wc -l <"$dir/statuses")" -gt "$1" ]; }
under_load() { wait_for 20 answered $(($(wc -l <"$dir/statuses") + 100)) || slow=1; }
roll() { # NAME PATH
	local old job n slow=
	touch "$dir/loading"
	: >"$dir/statuses"
	load_on "$2" &
	job=$!
	for _ in 1 2 3 4 5; do
		sleep 0.2
		under_load
		kill -HUP $main
	done
	for _ in 1 2 3 4 5; do
		sleep 0.2
		under_load
		old=$main
		start 3
		kill -TERM $old
		wait $old
	done
	rm "$dir/loading"
	wait $job
	n=$(wc -l <"$dir/statuses")
	is "$1 ($n requests)" "$(grep -cv '^200$' "$dir/statuses")" 0
	ok "and they came all the time" test "$n" -ge 1000 -a -z "$slow"
}

for name in nginx lighttpd; do
	if ! web_program $name >/dev/null; then
		skip "behind $name" "no $name here"
		continue
	fi
	web_start $name "$dir" || { ok "$name starts" false; continue; }
	start 3
	wait_for 5 has_workers 3
	roll "$name: no request fails through rolling restarts" /api/pid
	roll "$name: nor over kept connections" /api/event
	before=$(workers_of $main)
	kill -HUP $main
	renewed() { for pid in $before; do ! kill -0 "$pid" || return 1; done; has_workers 3; }
	ok "$name: SIGHUP has replaced every worker" wait_for 10 renewed
	set -- $(workers_of $main)
	kill -KILL "$1"
	ok "$name: the death of a worker is in the log" wait_for 5 grep -q "worker $1 was killed by signal 9" "$dir/log"
	ok "$name: and it is replaced" wait_for 5 has_workers 3
	like "$name: a crash costs its own request" "$(web_status /api/crash)" '^50[02]$'
	is "$name: and no other" "$(load /api/pid 300 | grep -c '^200$')" 300
	naps=$(grep -c '^naps' "$dir/log")
	web_status '/api/nap?ms=1500' >"$dir/nap" &
	nap=$!
	ok "$name: a request is in hand" wait_for 10 napping
	kill -TERM $main
	wait $main
	is "$name: SIGTERM ends the server with 0" $? 0
	wait $nap
	is "$name: after the request in hand" "$(cat "$dir/nap")" 200
	main=
	web_stop
done

# Without a web server.
: >"$dir/log"
FF_CRASH_AT_START=1 start 2
sleep 2
deaths=$(grep -c 'killed by signal' "$dir/log")
ok "workers that die at once are started again, ever more slowly ($deaths deaths in 2 s)" test "$deaths" -ge 4 -a "$deaths" -le 14
kill -TERM $main
wait $main
is "and such a server can be stopped" $? 0
start 2
wait_for 5 has_workers 2
orphans=$(workers_of $main)
kill -KILL $main
wait $main 2>/dev/null
main=
gone() { for pid in $orphans; do ! kill -0 "$pid" || return 1; done; }
ok "workers do not outlive a killed supervisor" wait_for 5 gone
finish
