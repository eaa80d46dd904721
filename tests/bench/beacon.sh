#!/bin/bash
# A beacon's way through nginx, durable, everything on, against a responder that only answers 204 behind the same nginx:
# keep-alive on both sides, 64 connections, varied bodies, runs alternating. Prints requests a second, percentiles and
# the ratio of the medians.
#   BENCH_SECONDS (5) a run, BENCH_RUNS (5) of each, BENCH_CONNECTIONS (64), BENCH_PROFILE=FILE: perf of the collector
FF_SRCDIR=${FF_SRCDIR:-.} FF_BUILDDIR=${FF_BUILDDIR:-.}
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"

seconds=${BENCH_SECONDS:-5} runs=${BENCH_RUNS:-5} connections=${BENCH_CONNECTIONS:-64}
workers=${BENCH_WORKERS:-1}
command -v wrk >/dev/null && web_program nginx >/dev/null || { echo "beacon: wrk or nginx is missing: skipped"; exit 0; }

yardstick_pid=
nginx_pid=
clean() {
	[ -z "$nginx_pid" ] || { kill "$nginx_pid"; wait "$nginx_pid"; }
	[ -z "$yardstick_pid" ] || { kill "$yardstick_pid"; wait "$yardstick_pid"; }
	collect_clean
} 2>/dev/null
trap clean EXIT

# The spool stands where the build stands: on a disk, not in memory.
COLLECT_TMP=$(cd "$FF_BUILDDIR" && pwd)
collect_setup "example.com" || exit 1
collect_whole
collect_start || exit 1
"$FF_BUILDDIR/tests/bench/respond204" "$DIR/run/yardstick.sock" $((connections * workers + 32)) &
yardstick_pid=$!

port=$(web_free_port)
mkdir -p "$DIR/nginx"
cat >"$DIR/nginx/nginx.conf" <<CONF
$([ "$(id -u)" != 0 ] || echo "user root;")
daemon off;
worker_processes $workers;
pid $DIR/nginx/pid;
error_log $DIR/nginx/error.log warn;
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path $DIR/nginx/body; fastcgi_temp_path $DIR/nginx/f; proxy_temp_path $DIR/nginx/p;
	uwsgi_temp_path $DIR/nginx/u; scgi_temp_path $DIR/nginx/s;
	keepalive_requests 1000000;
	upstream collect { server unix:$DIR/run/collect.sock; keepalive $connections; keepalive_requests 1000000; }
	upstream yardstick { server unix:$DIR/run/yardstick.sock; keepalive $connections; keepalive_requests 1000000; }
	fastcgi_keep_conn on;
	fastcgi_param REQUEST_METHOD \$request_method; fastcgi_param REQUEST_URI \$request_uri;
	fastcgi_param QUERY_STRING \$query_string; fastcgi_param CONTENT_TYPE \$content_type;
	fastcgi_param CONTENT_LENGTH \$content_length; fastcgi_param SERVER_PROTOCOL \$server_protocol;
	fastcgi_param REQUEST_SCHEME \$scheme; fastcgi_param HTTPS \$https if_not_empty;
	fastcgi_param SERVER_NAME \$server_name; fastcgi_param SERVER_PORT \$server_port;
	fastcgi_param REMOTE_ADDR \$remote_addr; fastcgi_param HTTP_PROXY "";
	server { listen 127.0.0.1:$port; server_name collect; location / { fastcgi_pass collect; } }
	server { listen 127.0.0.1:$port; server_name yardstick; location / { fastcgi_pass yardstick; } }
}
CONF
"$(web_program nginx)" -p "$DIR/nginx" -e "$DIR/nginx/error.log" -c "$DIR/nginx/nginx.conf" &
nginx_pid=$!
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.05; done

cat >"$DIR/beacon.lua" <<'LUA'
local agents = {}
for i = 1, 60 do agents[i] = "Mozilla/5.0 (X11; Linux x86_64; rv:" .. (60 + i) .. ".0) Gecko/20100101 Firefox/" .. (60 + i) .. ".0" end
local referrers = { "https://www.google.com/search?q=footfall", "https://t.co/abc", "https://news.ycombinator.com/item?id=1", "", "https://example.com/" }
local host
function init(args) host = args[1]; math.randomseed(os.time()) end
function request()
	local n = math.random(1, 100000)
	local body = '{"n":"pageview","v":36,"u":"https://www.example.com/blog/post-' .. n % 500 .. '?utm_source=nl&utm_campaign=c' .. n % 20 ..
		'","d":"example.com","r":"' .. referrers[n % 5 + 1] .. '","p":{"author":"a' .. n % 40 .. '","logged_in":"' .. tostring(n % 2 == 0) .. '"}}'
	return wrk.format("POST", "/api/event", { ["Host"] = host, ["Content-Type"] = "text/plain",
		["User-Agent"] = agents[n % 60 + 1], ["Accept-Language"] = "de-DE,de;q=0.9", ["Accept-Encoding"] = "gzip, deflate, br",
		["Referer"] = "https://www.example.com/", ["Origin"] = "https://www.example.com", ["Sec-Fetch-Mode"] = "cors",
		["X-Forwarded-For"] = math.random(1, 223) .. "." .. n % 256 .. "." .. n % 251 .. "." .. n % 241 }, body)
end
local bad = 0
function response(status) if status ~= 202 and status ~= 204 then bad = bad + 1 end end
function done(summary, latency)
	io.write(string.format("%.0f %.2f %.2f %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
		latency:percentile(99) / 1000, summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.connect))
end
LUA
# The answer to one beacon is looked at before thousands are sent.
status=$(curl -s -o /dev/null -w '%{http_code}' -H 'Host: collect' -d '{"n":"pageview","u":"https://example.com/"}' "http://127.0.0.1:$port/api/event")
[ "$status" = 202 ] || { echo "beacon: the collector answers $status" >&2; cat "$DIR/collect.log" >&2; exit 1; }

run() { # HOST SECONDS
	wrk -t1 -c"$connections" -d"$2s" -s "$DIR/beacon.lua" "http://127.0.0.1:$port" -- "$1" | tail -1
}
cpu_ms() { # PID...: user and system time
	for p; do cat "/proc/$p/stat"; done | awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); n += $12 + $13 } END { print int(n * 1000 / hz) }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

run collect 1 >/dev/null
run yardstick 1 >/dev/null
nginx_workers=$(pgrep -P "$nginx_pid")
echo "run        requests/s   p50 ms   p99 ms   errors   cpu us a request: program   nginx"
for i in $(seq "$runs"); do
	if [ -n "$BENCH_PROFILE" ]; then
		perf record -q -g -o "$BENCH_PROFILE" -p "$COLLECT_PID" -- sleep "$seconds" >/dev/null 2>&1 &
	fi
	for host in collect yardstick; do
		[ $host = collect ] && pid=$COLLECT_PID || pid=$yardstick_pid
		# shellcheck disable=SC2086
		before=$(cpu_ms "$pid") nginx_before=$(cpu_ms $nginx_workers)
		set -- $(run $host "$seconds")
		us=$((($(cpu_ms "$pid") - before) * 1000 / ($1 * seconds)))
		nginx_us=$((($(cpu_ms $nginx_workers) - nginx_before) * 1000 / ($1 * seconds)))
		printf '%-10s %10s %8s %8s %8s %26s %7s\n' "$host" "$1" "$2" "$3" "$4" "$us" "$nginx_us"
		echo "$1 $2 $3 $us $nginx_us" >>"$DIR/$host.runs"
	done
done
c=$(cut -d' ' -f1 "$DIR/collect.runs" | median) y=$(cut -d' ' -f1 "$DIR/yardstick.runs" | median)
awk -v c="$c" -v y="$y" -v p50="$(cut -d' ' -f2 "$DIR/collect.runs" | median)" -v p99="$(cut -d' ' -f3 "$DIR/collect.runs" | median)" \
	'BEGIN { printf "beacon: %d durable acks/s to %d empty answers/s: ratio %.2f, p50 %s ms, p99 %s ms\n", c, y, c / y, p50, p99 }'
echo "beacon: processor time a request, collector $(cut -d' ' -f4 "$DIR/collect.runs" | median) us to $(cut -d' ' -f4 "$DIR/yardstick.runs" | median) us;" \
	"nginx before them $(cut -d' ' -f5 "$DIR/collect.runs" | median) us to $(cut -d' ' -f5 "$DIR/yardstick.runs" | median) us; load $(cut -d' ' -f1 /proc/loadavg)"
[ "$(ledger rate_limited)" = 0 ] || echo "beacon: of these, $(ledger rate_limited) were limited, and not stored"
awk '/^VmRSS/ { printf "beacon: collector %.1f MB resident\n", $2 / 1024 }' "/proc/$COLLECT_PID/status"
