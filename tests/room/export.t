#!/bin/bash
# Exports over HTTP and by the tool: every row once and in order, whole or in pieces, in constant memory; safe cells; and ends
# that look like ends only where they are.
# Short form: 40,000 events; FF_LONG=1: a million.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
cron_setup
stats=
cleanup() {
	web_stop
	[ -z "$stats" ] || { kill $stats; wait $stats; } 2>/dev/null
	rm -rf "${cron_dir:?}"
}
trap cleanup EXIT
web_program nginx >/dev/null || skip_all "nginx is not here"
n=$([ -n "${FF_LONG:-}" ] && echo 1000000 || echo 40000)
psql -X -q -v ON_ERROR_STOP=1 -v n="$n" -f "$FF_SRCDIR/tests/room/export.sql" >/dev/null || exit 99
key=$("$FF_BUILDDIR/footfall" key add exports --scopes export:read)
"$FF_BUILDDIR/footfall-stats.fcgi" --listen "$cron_dir/stats.sock" 2>>"$log" &
stats=$!
wait_for 10 test -S "$cron_dir/stats.sock"
WEB_EDIT='s|fastcgi_keep_conn on; }|fastcgi_keep_conn on; fastcgi_max_temp_file_size 0; }|' web_start_nginx "$cron_dir" || exit 99
get() { web_curl "/api/export/$1" -H "Authorization: Bearer ${KEY-$key}" --max-time 600 "${@:2}"; }
code() { get "$1" -o /dev/null -w '%{http_code}' "${@:2}"; }
same() { python3 "$FF_SRCDIR/tests/lib/exported.py" "$@"; }
workers() { pgrep -P $stats; }
peak() { for p in $(workers); do sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$p/status"; done | sort -n | tail -n 1; }

# ---- whole ----
humans=$(q 'SELECT count(*) FROM event WHERE site_id = 1 AND robot = 0')
get 'events?site=1' -o "$cron_dir/e.csv"
is "a CSV of all events comes whole" "$?" 0
is "and is what the tables hold" "$(same events "$cron_dir/e.csv")" "$humans"
get 'events?site=1&format=jsonl' -o "$cron_dir/e.jsonl"
is "so are JSON lines" "$(same events "$cron_dir/e.jsonl")" "$humans"
visits=$(q 'SELECT count(*) FROM visit WHERE site_id = 1 AND purge_id IS NULL')
get 'visits?site=1' -o "$cron_dir/v.csv"
get 'visits?site=1&format=jsonl' -o "$cron_dir/v.jsonl"
is "visits too" "$(same visits "$cron_dir/v.csv") $(same visits "$cron_dir/v.jsonl")" "$visits $visits"
peak=$(peak)
echo "# the largest worker: $peak kB at its peak; $(stat -c %s "$cron_dir/e.csv") bytes of CSV"
ok "workers stay below 12 MB" test "$peak" -lt 12288
get 'items?site=1&format=jsonl' -o "$cron_dir/i.jsonl"
is "items come with their counters" "$(python3 - "$cron_dir/i.jsonl" <<'END'
import json, sys
v = [json.loads(l) for l in open(sys.argv[1])]
print(len(v), len({r["id"] for r in v}), sum(r["views_today"] for r in v), sum(r["views_month"] for r in v), sum(r["views_total"] for r in v))
END
)" "$(q "SELECT count(*), count(*), sum(views_day), sum(views_month), sum(views_total) FROM content LEFT JOIN content_counter USING (site_id, content_id)
	WHERE site_id = 1" | tr '|' ' ')"
is "with robots there are all" "$(get 'events?site=1&robots=true&format=jsonl' | wc -l)" "$(q 'SELECT count(*) FROM event WHERE site_id = 1')"
"$FF_BUILDDIR/footfall" export events --site a.test --out "$cron_dir/tool.csv" 2>"$cron_dir/said"
ok "the tool writes the same file" cmp "$cron_dir/tool.csv" "$cron_dir/e.csv"
like "and counts" "$(cat "$cron_dir/said")" "^$humans rows"

# ---- in pieces ----
pages=0 next='events?site=1&limit=900&format=jsonl' last=$((n > 100000 ? 3 : 1000))
while [ -n "$next" ] && [ $pages -lt $last ]; do
	get "$next" -D "$cron_dir/head" >>"$cron_dir/pages.jsonl"
	next=$(sed -n 's|^Link: </api/export/\(.*\)>; rel="next".*|\1|p' "$cron_dir/head")
	pages=$((pages + 1))
done
head -n $((pages * 900)) "$cron_dir/e.jsonl" | cmp -s - "$cron_dir/pages.jsonl"
is "$pages pages, by Link, are the whole" $? 0
cursor_of() { tail -n 1 "$1" | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["cursor"])'; }
head -c $(($(stat -c %s "$cron_dir/e.jsonl") / 3)) "$cron_dir/e.jsonl" | head -n -1 >"$cron_dir/cut1.jsonl"
get "events?site=1&format=jsonl&cursor=$(cursor_of "$cron_dir/cut1.jsonl")" | head -c $(($(stat -c %s "$cron_dir/e.jsonl") / 3)) | head -n -1 >"$cron_dir/cut2.jsonl"
get "events?site=1&format=jsonl&cursor=$(cursor_of "$cron_dir/cut2.jsonl")" >"$cron_dir/cut3.jsonl"
ok "what was cut twice and resumed is the whole" cmp "$cron_dir/e.jsonl" <(cat "$cron_dir"/cut?.jsonl)
"$FF_BUILDDIR/footfall" export visits --site a.test --limit 1500 --out "$cron_dir/vv.csv" 2>"$cron_dir/said"
"$FF_BUILDDIR/footfall" export visits --site a.test --out "$cron_dir/vv.csv" --quiet --cursor "$(sed -n 's/.*--cursor //p' "$cron_dir/said")" 2>>"$log"
ok "the tool goes on where it says" cmp "$cron_dir/v.csv" "$cron_dir/vv.csv"
is "cursors of another kind, and nonsense, are refused" "$(code 'events?site=1&cursor=v1.1') $(code 'events?site=1&cursor=e1.x') $(
	code "events?site=1&cursor=e99999999999999999999.0") $(code 'items?site=1&cursor=i-1') $(code "visits?site=1&cursor=v1'.1")" "400 400 400 400 400"

# ---- what is asked for ----
day=$(q "SELECT ((now() AT TIME ZONE 'UTC')::date - 2)")
is "days are the site's own" "$(get "events?site=1&from=$day&to=$day&format=jsonl" | wc -l)" \
	"$(q "SELECT count(*) FROM event WHERE site_id = 1 AND robot = 0 AND (ts AT TIME ZONE 'Europe/Berlin')::date = '$day'")"
is "filters: kind, path, item" "$(get 'events?site=1&kind=reaction&format=jsonl' | wc -l) $(get 'events?site=1&path=/page/7&format=jsonl' | wc -l) $(
	get 'events?site=1&item=article/item-7&format=jsonl' | wc -l) $(get 'events?site=1&path=/none&format=jsonl' | wc -l)" \
	"$(q "SELECT count(*) FILTER (WHERE kind = 5), count(*) FILTER (WHERE path = (SELECT label_id FROM label WHERE site_id = 1 AND value = '/page/7')),
		count(*) FILTER (WHERE content_id = (SELECT content_id FROM content WHERE key = 'item-7')), 0 FROM event WHERE site_id = 1 AND robot = 0" | tr '|' ' ')"
is "nonsense is refused" "$(code 'events?site=1&kind=nonsense') $(code 'events?site=1&format=xml') $(code 'events?site=1&from=yesterday') $(
	code "events?site=1&from=$day&to=2020-01-01") $(code 'events?site=1&limit=0') $(code 'events?site=nowhere') $(code events)" "400 400 400 400 400 404 400"
is "an export without rows has a head, JSON lines have nothing" "$(get 'events?site=2&to=2020-01-01' | wc -l) $(get 'events?site=2&to=2020-01-01&format=jsonl' | wc -c)" "1 0"
# A request of days without events: the answer is there at once, and its place is free again.
is "days that have not come are no work" "$(get 'events?site=2&to=9999-12-31&format=jsonl' --max-time 5 | wc -c; echo "${PIPESTATUS[0]}")" "0
0"
q "SELECT footfall_partition_make((now() AT TIME ZONE 'UTC')::date - 60)" >/dev/null
began=$(date +%s%N)
is "nor are empty ones before the first row" "$(get 'events?site=2&limit=2&format=jsonl' --max-time 20 | wc -l)" "$(q 'SELECT least(2, count(*)) FROM event WHERE site_id = 2 AND robot = 0')"
took=$((($(date +%s%N) - began) / 1000000))
ok "two rows behind two months without any come in time ($took ms)" test $took -lt 1500
q "SELECT footfall_partition_drop((now() AT TIME ZONE 'UTC')::date - 60)" >/dev/null
is "a byte order mark comes where asked for" "$(get 'items?site=1&bom=true' | head -c 7 | od -An -tx1 | tr -d ' \n') $(get 'items?site=1' | head -c 4)" "efbbbf6b696e64 kind"
like "small answers have a length and a name" "$(get 'events?site=2' -D - -o /dev/null | tr -d '\r' | tr '\n' ' ')" 'Content-Length: .*filename="events.csv"'
is "HEAD is answered" "$(code 'events?site=1' -I)" 200
KEY=$("$FF_BUILDDIR/footfall" key add names --scopes export:read,export:identities)
is "pseudonyms are for their scope alone" "$(get 'events?site=2&identities=true&limit=1' | head -n 1 | grep -o visitor,viewer) $(KEY=$key code 'events?site=2&identities=true')" \
	"visitor,viewer 403"
KEY=$("$FF_BUILDDIR/footfall" key add reader)
is "stats:read is not enough" "$(code 'events?site=1')" 403
KEY=$("$FF_BUILDDIR/footfall" key add one --site b.test --scopes export:read)
is "a key of one site has that one" "$(code events) $(code 'events?site=1')" "200 403"
KEY=$key
like "exports are in the audit" "$(q "SELECT string_agg(DISTINCT action || ' ' || detail, ', ') FROM audit")" 'export.events with identities.*export.visits'

# ---- questions ----
# 3000 pages in the rollups, whose order of equals is the labels'.
q "INSERT INTO label (site_id, value) SELECT 2, '/p/' || i FROM generate_series(1, 3000) i;
	INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
	SELECT '2026-10-07', label_id, 1, 1, 0, label_id % 50 + 1, 0, label_id % 50 + 1, 0, 2, 1, hll_empty(14, 5, -1, 1)
	FROM label WHERE site_id = 2 AND value LIKE '/p/%'"
question='{"site_id":"b.test","metrics":["pageviews","events"],"dimensions":["event:page"],"date_range":["2026-10-07","2026-10-07"]}'
web_curl '/api/export/query?format=jsonl' -H "Authorization: Bearer $key" -d "$question" -o "$cron_dir/q.jsonl"
web_curl '/api/export/query' -H "Authorization: Bearer $key" -d "$question" -o "$cron_dir/q.csv"
reader=$("$FF_BUILDDIR/footfall" key add reader)
web_curl '/api/v2/query' -H "Authorization: Bearer $reader" -d "${question%\}},\"pagination\":{\"limit\":5000}}" -o "$cron_dir/q.json"
is "the rows of a question are those of the answer, in its order" "$(python3 - "$cron_dir" <<'END'
import csv, json, sys
want = [(r["dimensions"][0], *r["metrics"]) for r in json.load(open(sys.argv[1] + "/q.json"))["results"]]
lines = [json.loads(l) for l in open(sys.argv[1] + "/q.jsonl")]
rows = list(csv.DictReader(open(sys.argv[1] + "/q.csv", newline="")))
names = ("event:page", "pageviews", "events")
print(len(want), want == [tuple(r[n] for n in names) for r in lines], [tuple(map(str, w)) for w in want] == [tuple(r[n] for n in names) for r in rows])
END
)" "3000 True True"
ask() { web_curl "/api/export/query?$1" -H "Authorization: Bearer $key" -d "$2"; }
is "pages of it can be had" "$(ask format=jsonl "${question%\}},\"pagination\":{\"limit\":1500,\"offset\":1000}}" | cmp - <(sed -n 1001,2500p "$cron_dir/q.jsonl") && echo same)" same
is "what the dialect refuses is refused" "$(ask '' '{"site_id":"b.test","metrics":["nonsense"],"date_range":"day"}' | grep -o '"code":"INVALID"') $(
	ask format=xml "$question" | grep -o '"field":"format"')" '"code":"INVALID" "field":"format"'

# ---- ends that are none ----
breaking() { # what an HTTP client sees when its export is disturbed after the first bytes: COMMAND
	python3 - "$WEB_PORT" "$key" "$1" <<'END'
import http.client, socket, subprocess, sys, time
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
c.sock = socket.socket()  # what the kernel keeps between the two is less than the export
c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
c.sock.connect(("127.0.0.1", int(sys.argv[1])))
c.request("GET", "/api/export/events?site=1&format=jsonl", headers={"Authorization": "Bearer " + sys.argv[2]})
r = c.getresponse()
got = len(r.read(100000))
time.sleep(1)
subprocess.run(["bash", "-c", sys.argv[3]], check=True)
try:
    while part := r.read(65536):
        got += len(part)
    print("whole", r.status)
except (http.client.IncompleteRead, ConnectionError):
    print("broken off", r.status)
END
}
is "an export that is left alone is whole" "$(breaking true)" "whole 200"
is "where the database fails in the middle, the client sees that it is not whole" \
	"$(breaking "psql -Xqc 'ALTER TABLE event RENAME TO away'")" "broken off 200"
q 'ALTER TABLE away RENAME TO event'
like "the log says so" "$(cat "$log")" 'an answer was broken off'
is "where a worker is killed, too" "$(breaking "kill -KILL $(workers | tr '\n' ' ')")" "broken off 200"
wait_for 10 test "$(workers | wc -l)" = 2
term=$(workers | tr '\n' ' ')
# What came up to the last whole line, and behind its cursor the rest, are the export.
resumed() { # COMMAND
	python3 - "$WEB_PORT" "$key" "$1" "$cron_dir/e.jsonl" <<'END'
import http.client, json, socket, subprocess, sys, time
def ask(query, small):
    c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
    c.sock = socket.socket()
    if small:
        c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c.sock.connect(("127.0.0.1", int(sys.argv[1])))
    c.request("GET", "/api/export/events?site=1&format=jsonl" + query, headers={"Authorization": "Bearer " + sys.argv[2]})
    return c.getresponse()
r, got, end = ask("", True), b"", "whole"
got += r.read(100000)
time.sleep(1)
subprocess.run(["bash", "-c", sys.argv[3]], check=True)
try:
    while part := r.read(65536):
        got += part
except (http.client.IncompleteRead, ConnectionError) as fault:
    got += getattr(fault, "partial", b"")
    end = "broken off"
lines = got[:got.rfind(b"\n") + 1]
if end != "whole":
    for turn in range(50):  # its worker comes back
        r = ask("&cursor=" + json.loads(lines.splitlines()[-1])["cursor"], False)
        if r.status == 200:
            break
        r.read()
        time.sleep(0.2)
    lines += r.read()
print(end + ",", "all rows" if lines == open(sys.argv[4], "rb").read() else "other rows")
END
}
said=$(resumed "kill -TERM $term")
like "where a worker is told to end the client sees whether it is whole, and gets the rest by its cursor" "$said" '^(whole|broken off), all rows$'
echo "# told to end: $said"
ok "and the workers end" wait_for 20 test "$(for w in $term; do [ ! -d "/proc/$w" ] || echo "$w"; done)" = ""
is "what fails before the first row is an ordinary error" "$(q 'ALTER TABLE event RENAME TO away'; code 'events?site=1'; q 'ALTER TABLE away RENAME TO event')" 500

# ---- one at a time, and not in the others' way ----
mkfifo "$cron_dir/pipe"
get 'events?site=1' >"$cron_dir/pipe" &
slow=$!
exec 8<"$cron_dir/pipe"
head -c 1000 <&8 >/dev/null
is "two workers have one place for exports" "$(code 'events?site=2')" 429
is "and the other worker answers" "$(web_status /api/health)" 200
ok "nothing is open in the database meanwhile" \
	wait_for 10 says "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'footfall-stats' AND state <> 'idle'" 0
kill $slow
exec 8<&-
ok "when its reader has gone, the place is free" wait_for 30 test "$(sleep 1; code 'events?site=2')" = 200

# ---- other ways in ----
env -i REQUEST_METHOD=GET "REQUEST_URI=/api/export/events?site=1" "QUERY_STRING=site=1" "HTTP_AUTHORIZATION=Bearer $key" \
	"$FF_BUILDDIR/footfall-stats.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log" | sed '1,/^\r$/d' >"$cron_dir/cgi.csv"
ok "as plain CGI the same comes" cmp "$cron_dir/cgi.csv" "$cron_dir/e.csv"
web_stop
if web_program lighttpd >/dev/null; then
	web_start_lighttpd "$cron_dir" || exit 99
	get 'events?site=1' -o "$cron_dir/lighttpd.csv"
	is "through lighttpd it comes whole" "$? $(cmp "$cron_dir/lighttpd.csv" "$cron_dir/e.csv" && echo same)" "0 same"
	like "where a worker is told to end there, the rest comes by the cursor too" "$(resumed "kill -TERM $(workers | tr '\n' ' ')")" '^(whole|broken off), all rows$'
else
	ok "lighttpd is not here # SKIP" true
fi
finish
