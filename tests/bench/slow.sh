#!/bin/bash
# 1,000 clients that never finish their request (half of them the head, half the body), with the shipped files of nginx and
# lighttpd: what do they do to the others' 99th percentile? Runs with and without them alternate.
#   BENCH_SLOW (1000) clients, BENCH_SECONDS (3) a run, BENCH_RUNS (3) of each
FF_SRCDIR=${FF_SRCDIR:-.} FF_BUILDDIR=${FF_BUILDDIR:-.}
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
slow_pid=
slow_end() { [ -z "$slow_pid" ] || { kill "$slow_pid"; wait "$slow_pid"; } 2>/dev/null; slow_pid=; }
trap 'slow_end; web_stop; collect_clean' EXIT

clients=${BENCH_SLOW:-1000} seconds=${BENCH_SECONDS:-3} runs=${BENCH_RUNS:-3}
command -v wrk >/dev/null || { echo "slow: wrk is missing: skipped"; exit 0; }
ulimit -n "$(ulimit -Hn)"
COLLECT_TMP=$(cd "$FF_BUILDDIR" && pwd)

percentile() { # of 32 quick clients: "p50 p99 requests errors"
	wrk -t1 -c32 -d"${seconds}s" -s "$DIR/quick.lua" "http://127.0.0.1:$WEB_PORT" | tail -1
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for server in nginx lighttpd; do
	web_program $server >/dev/null || { echo "slow: $server is missing: skipped"; continue; }
	collect_setup "example.com" || exit 1
	collect_whole
	cat >"$DIR/quick.lua" <<-'LUA'
		wrk.method, wrk.path = "POST", "/api/event"
		wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
		wrk.body = '{"n":"pageview","u":"https://example.com/","d":"example.com"}'
		function done(summary, latency)
			local e = summary.errors
			io.write(string.format("%.2f %.2f %d %d\n", latency:percentile(50) / 1000, latency:percentile(99) / 1000,
				summary.requests, e.status + e.read + e.write + e.connect))
		end
	LUA
	collect_start && web_start $server "$DIR/run" || exit 1
	percentile >/dev/null
	for _ in $(seq "$runs"); do
		percentile >>"$DIR/alone"
		python3 "$FF_SRCDIR/tests/bench/slow.py" "$WEB_PORT" "$clients" >"$DIR/slow.out" 2>&1 &
		slow_pid=$!
		for _ in $(seq 100); do grep -q open "$DIR/slow.out" && break; sleep 0.1; done
		percentile >>"$DIR/among"
		slow_end
	done
	alone=$(cut -d' ' -f2 "$DIR/alone" | median) among=$(cut -d' ' -f2 "$DIR/among" | median)
	errors=$(awk '{ n += $4 } END { print n }' "$DIR/among")
	awk -v s=$server -v n="$clients" -v a="$alone" -v b="$among" -v e="$errors" \
		'BEGIN { printf "slow: %s: p99 %s ms alone, %s ms among %d slow clients (%.1f x), %d errors\n", s, a, b, n, b / a, e }'
	web_stop
	collect_clean
done
