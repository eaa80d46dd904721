#!/bin/bash
# R10: each process is stopped for a while, runs out of descriptors, cannot fork, or is killed for want of memory, while views
# keep coming: within five seconds behind it all goes on, and nothing acknowledged is lost.
# Short form: stopped for 2 s; FF_LONG=1: 30 s.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
. "$FF_SRCDIR/tests/lib/house.sh"
group= hog=
clean() {
	house_stop
	[ -z "$hog" ] || kill $hog 2>/dev/null
	[ -z "$group" ] || rmdir "$group" 2>/dev/null
}
trap clean EXIT
stall=$([ -n "${FF_LONG:-}" ] && echo 30 || echo 2)
house_start || exit 1
load_start all --clients 16 --rate 300 --seconds 3600

taken() { [ "$(web_status /api/event --max-time 4 -d '{"n":"pageview","u":"https://example.com/probe"}')" = 202 ]; }
told() { [ "$(web_status '/api/content/page/x/counts?site=example.com' --max-time 4 -H "Authorization: Bearer $key")" = 200 ]; }
# The database keeps up again with what comes: an event that is younger than this question.
flows() {
	local since
	since=$(house_asks 'SELECT extract(epoch FROM now())')
	wait_for 5 fresh "${since:-0}"
}
fresh() { [ "$(house_asks "SELECT count(*) > 0 FROM event WHERE ts > to_timestamp($1)")" = t ]; }
recovers() { # NAME COMMAND: within five seconds
	local begun now
	begun=$(date +%s%N)
	if wait_for 5 "$2"; then
		now=$((($(date +%s%N) - begun) / 1000000))
		tap_line 0 "$1"
		echo "# after $now ms"
	else
		tap_line 1 "$1"
	fi
}
stopped() { # NAME PROBE PID...
	local name=$1 probe=$2
	shift 2
	kill -STOP "$@"
	sleep "$stall"
	kill -CONT "$@"
	recovers "$name stopped for $stall s: goes on" "$probe"
}
backend() { house_asks "SELECT pid FROM pg_stat_activity WHERE application_name = 'footfall-cron' LIMIT 1"; }

ok "all is well" flows
stopped "the collector" taken "$COLLECT_PID"
stopped "the follower" flows "$FOLLOWER"
mapfile -t workers < <(ps -o pid= --ppid "$STATS" | tr -d ' ')
ok "the statistics have workers" test ${#workers[@]} -gt 0
stopped "every worker of the statistics" told "${workers[@]}"
stopped "the statistics' supervisor" told "$STATS"
stopped "the drain's backend of PostgreSQL" flows "$(backend)"

# ---- no descriptors ----
short_of_files() { # NAME PROBE PID
	local limits fds
	limits=$(prlimit --pid "$3" --nofile --noheadings --output SOFT,HARD | tr -s ' ' ':')
	fds=$(ls "/proc/$3/fd" | wc -l)
	prlimit --pid "$3" --nofile="$fds:${limits#*:}"
	# New connections, so that some are wanted.
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks.files" --clients 64 --seconds 1 >/dev/null
	house_asks "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'footfall%'" >/dev/null
	sleep 0.3
	prlimit --pid "$3" --nofile="$limits"
	recovers "$1 without descriptors: goes on when there are some" "$2"
}
short_of_files "the collector" taken "$COLLECT_PID"
short_of_files "the follower" flows "$FOLLOWER"
short_of_files "a worker of the statistics" told "${workers[0]}"
ok "the collector is the same as before" kill -0 "$COLLECT_PID"

# ---- no processes: RLIMIT_NPROC does not bind root, so the statistics are somebody else's ----
no_fork() {
	local place=$DIR/other limits pid worker
	mkdir "$place"
	sed "s|^state_dir = .*|state_dir = $place|; s|^run_dir = .*|run_dir = $place|" "$FOOTFALL_CONF" >"$place/footfall.conf"
	chmod 640 "$place/footfall.conf"
	chmod 711 "$DIR"
	if [ "$(id -u)" = 0 ]; then chown -R postgres:postgres "$place"; fi
	pg_as test -x "$FF_BUILDDIR/footfall-stats.fcgi" || { skip "without processes" "the build is not there for others"; return; }
	# (No subshell in between, so that the pid is the program's.)
	if [ "$(id -u)" = 0 ]; then
		FOOTFALL_CONF=$place/footfall.conf setpriv --reuid=postgres --regid=postgres --clear-groups \
			"$(cd "$FF_BUILDDIR" && pwd)/footfall-stats.fcgi" --listen "$place/stats.sock" 2>>"$log.other" &
	else
		FOOTFALL_CONF=$place/footfall.conf "$FF_BUILDDIR/footfall-stats.fcgi" --listen "$place/stats.sock" 2>>"$log.other" &
	fi
	pid=$!
	wait_for 5 test -S "$place/stats.sock" && wait_for 5 has_workers $pid
	limits=$(pg_as prlimit --pid $pid --nproc --noheadings --output SOFT,HARD | tr -s ' ' ':')
	pg_as prlimit --pid $pid --nproc="1:${limits#*:}"
	for worker in $(ps -o pid= --ppid $pid); do kill -KILL "$worker"; done
	ok "without processes: it says so, and lives" wait_for 5 grep -q 'cannot fork' "$log.other"
	pg_as prlimit --pid $pid --nproc="$limits"
	forking=$pid
	recovers "without processes: workers are back when there may be some" forks
	kill $pid
	wait $pid
}
has_workers() { [ -n "$(ps -o pid= --ppid "$1")" ]; }
forks() { has_workers "$forking"; }
no_fork

# ---- killed for want of memory: by the kernel where this machine lets us, else by us ----
group=/sys/fs/cgroup/memory/fftest.$$
if [ "$(id -u)" = 0 ] && mkdir "$group" 2>/dev/null && echo 64M >"$group/memory.limit_in_bytes" 2>/dev/null; then
	echo "# by the kernel, in a memory group of 64 MB"
	starve() { # PID
		echo "$1" >"$group/cgroup.procs" && echo 1000 >"/proc/$1/oom_score_adj"
		# Several, so that none of them is the one that weighs most.
		python3 -c 'import os, time
time.sleep(0.3)
for i in range(3): os.fork()
data = b"x" * (20 << 20)
time.sleep(20)' &
		hog=$!
		echo $hog >"$group/cgroup.procs"
		wait_for 5 gone "$1"
		kill -KILL $(cat "$group/cgroup.procs")
		wait $hog
		hog=
	}
else
	[ -d "$group" ] && rmdir "$group"
	group=
	starve() { kill -KILL "$1"; }
fi
gone() { ! ps -o stat= -p "$1" | grep -qv Z; }
starve "$COLLECT_PID" 2>/dev/null
ok "the collector was killed" gone "$COLLECT_PID"
kill -KILL "$COLLECT_PID" 2>/dev/null
wait "$COLLECT_PID" 2>/dev/null
COLLECT_PID=
rm -f "$DIR/run/collect.sock"
collect_start # as systemd does
recovers "the collector killed: goes on" taken
starve "$FOLLOWER" 2>/dev/null
kill -KILL "$FOLLOWER" 2>/dev/null
wait "$FOLLOWER" 2>/dev/null
follow_start
recovers "the follower killed: goes on" flows
mapfile -t workers < <(ps -o pid= --ppid "$STATS" | tr -d ' ')
starve "${workers[0]}" 2>/dev/null
recovers "a worker of the statistics killed: there is another" told
kill -KILL "$(backend)" # PostgreSQL then starts all of itself anew
recovers "the drain's backend killed: goes on" flows

kill $LOAD
load_wait all
sleep 0.2
collect_stop
# Killed between the disk and the ledger it has not counted its last ones; they are drained all the same.
all_drained() { [ "$(house_asks 'SELECT count(*) FROM event')" -ge "$(ledger stored)" ]; }
ok "all drains" wait_for 20 all_drained
sleep 1.5
house_sound
[ $tap_failed = 0 ] || tail -n 20 "$log" "$DIR/collect.log" | cut -c1-300 | sed 's/^/# /'
finish
