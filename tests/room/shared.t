#!/bin/bash
# Many equal questions are computed once; the last answers are given, and marked, while the database is away; who asks too
# much hears 429; /metrics has counted all of it; slow statements are in the log.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
export FOOTFALL_STATS_CACHE=16M FOOTFALL_LIMIT_CALLER='60/h burst 60'
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/web.sh"

dir=$(mktemp -d)
pid=
finish_all() {
	web_stop
	[ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }
	pg_stop
	rm -rf "${dir:?}"
}
trap finish_all EXIT
pg_start || skip_all "no PostgreSQL"
mkdir -p "$dir/state/spool" "$dir/run"
cat > "$dir/footfall.conf" <<END
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
data_dir = $src/sql
stats.workers = 4
log.slow_query = 200
END
chmod 640 "$dir/footfall.conf"
export FOOTFALL_CONF=$dir/footfall.conf
"$build/footfall" site add example.com > /dev/null
key=$("$build/footfall" key add test)
other=$("$build/footfall" key add other)
for task in partitions salts snapshot; do "$build/footfall-cron" run $task 2>> "$dir/log" || exit 1; done
"$build/footfall" demo --site example.com --days 2 --visitors 20 --no-wait > /dev/null 2>> "$dir/log"
"$build/footfall-cron" run drain 2>> "$dir/log" || { cat "$dir/log"; exit 1; }
"$build/footfall-stats.fcgi" --listen "$dir/run/stats.sock" 2>> "$dir/log" &
pid=$!
wait_for 5 test -S "$dir/run/stats.sock"
web_start nginx "$dir/run" || exit 1

item=$(psql -XAtc "SELECT kind || '/' || key FROM content ORDER BY content_id LIMIT 1")
ask() { web_curl "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $key" "$@"; }
metric() { web_curl /metrics | awk -v name="$1" '$1 == name { print $2 }'; }
from() { metric "footfall_answers_total{from=\"$1\"}"; }

# ---- one computation ----
psql -XAtqc "BEGIN; LOCK TABLE content_counter IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(2); COMMIT" > /dev/null &
locker=$!
sleep 0.4
for n in 1 2 3 4 5 6 7 8; do ask > "$dir/answer.$n" & asks+=($!); done
wait "$locker" "${asks[@]}"
like "an answer" "$(cat "$dir/answer.1")" '"viewsTotal":[0-9]+'
is "eight equal questions have one answer" "$(cat "$dir"/answer.* | sort -u | wc -l)" 1
is "computed once" "$(from miss)" 1
is "and shared" "$(from hit)" 7
like "the slow statement is in the log" "$(cat "$dir/log")" 'slow: counts_read took [0-9]+ ms'
like "a repeated answer has an age" "$(ask -D - -o /dev/null)" 'Age: [0-9]+'
is "it is the same by ETag" "$(ask -o /dev/null -w '%{http_code}' -H "If-None-Match: $(ask -D - -o /dev/null | tr -d '\r' | sed -n 's/^ETag: //p')")" 304
is "another caller's question is another" "$(web_curl "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $other" > /dev/null; from miss)" 2
wrong=ffk_$(printf 'A%.0s' $(seq 43))
is "a wrong key gets no shared answer" "$(web_status "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $wrong")" 401

# ---- one refusal ----
refused='{"site_id":"example.com","metrics":["visitors"],"date_range":"7d","filters":[["is","event:name",["none"]],["is","event:page",["/"]]]}'
misses=$(from miss)
psql -XAtqc "BEGIN; LOCK TABLE event, rollup_day, rollup_hour IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(9); COMMIT" > /dev/null 2>&1 &
locker=$!
sleep 0.4
asks=()
for n in 1 2 3 4; do
	web_curl /api/v2/query -H "Authorization: Bearer $other" -d "$refused" -o "$dir/refused.$n" -w '%{http_code} %{time_total}\n' > "$dir/took.$n" &
	asks+=($!)
done
wait "${asks[@]}"
psql -XAtqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LOCK TABLE event%' AND pid <> pg_backend_pid()" > /dev/null
wait "$locker" 2> /dev/null
like "what takes too long is refused" "$(jq -r .error "$dir/refused.4")" 'took too long'
is "those who waited hear the same" "$(jq -r .error "$dir"/refused.? | sort -u | wc -l) $(jq -r .request_id "$dir"/refused.? | sort -u | wc -l)" "1 4"
is "which was found out once" "$(($(from miss) - misses))" 1
is "nobody waits for it twice" "$(awk '$1 != 400 || $2 > 3.5' "$dir"/took.?)" ""
is "later it is asked again" "$(web_status /api/v2/query -H "Authorization: Bearer $other" -d "$refused")" 200

# ---- how much is left ----
like "the limit is told" "$(ask -D - -o /dev/null | tr -d '\r' | grep -i '^RateLimit' | tr '\n' ' ')" \
	'RateLimit-Limit: 60 RateLimit-Remaining: [0-9]+ RateLimit-Reset: [0-9]+'
for n in $(seq 70); do ask -o /dev/null -w '%{http_code}\n'; done > "$dir/statuses"
like "who asks too much hears 429" "$(sort "$dir/statuses" | uniq -c | tr -s ' \n' ' ')" '[0-9]+ 200 [0-9]+ 429'
is "and no other status" "$(grep -vcE '^(200|429)$' "$dir/statuses")" 0
like "with the time to wait and what is left" "$(ask -D - -o /dev/null | tr -d '\r' | grep -iE '^(RateLimit-Remaining|Retry-After)' | sort | tr '\n' ' ')" \
	'RateLimit-Remaining: 0 Retry-After: [0-9]+'
is "others are not held up" "$(web_status "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $other")" 200
link=$("$build/footfall" share add example.com board | grep -o 'ffs_[A-Za-z0-9_-]*')
for n in $(seq 40); do
	web_status "/api/v1/stats/realtime/visitors?site_id=example.com&auth=$link&n=$n"; echo
	web_status "/api/v1/stats/realtime/visitors?site_id=example.com&n=$n" -H "Authorization: bEARER $link"; echo
done > "$dir/statuses"
is "nor does another way to say who asks help" "$(grep -c 200 "$dir/statuses") $(tail -n 1 "$dir/statuses")" "60 429"
like "the web server holds up who tries passwords of links" "$(for n in $(seq 40); do web_status /api/share -d '{}'; echo; done | sort | uniq -c | tr -s ' \n' ' ')" \
	'[0-9]+ 400 [0-9]+ 429'
ok "refusals are counted" test "$(from limited)" -ge 10

# ---- the database is away ----
pg_immediate_stop
stale() { web_curl "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $other" "$@"; }
is "the last answer is given" "$(stale)" "$(cat "$dir/answer.1")"
stale -D "$dir/head" -o /dev/null
like "and marked" "$(tr -d '\r' < "$dir/head")" 'Warning: 110'
like "with its time" "$(tr -d '\r' < "$dir/head")" 'X-Footfall-As-Of: 20[0-9-]+T[0-9:.]+Z'
like "and not to be kept" "$(tr -d '\r' < "$dir/head")" 'Cache-Control: no-store'
is "what was not asked before: 503" "$(web_status "/api/content/post/none/counts?site=example.com" -H "Authorization: Bearer $other")" 503
is "with another key: 503" "$(web_status "/api/content/$item/counts?site=example.com" -H "Authorization: Bearer $wrong")" 503
is "metrics go on" "$(web_status /metrics)" 200
is "and say that it is away" "$(metric footfall_up)" 0
ok "stale answers are counted" test "$(from stale)" -ge 2
pg_restart
ok "afterwards answers are marked no more" wait_for 20 eval '! stale -D - -o /dev/null | grep -q Warning'
is_up() { [ "$(metric footfall_up)" = 1 ]; }
ok "metrics know it" wait_for 5 is_up # each worker tries once a second

# ---- the format ----
fetched() { web_curl /metrics > "$dir/metrics" && grep -qx 'footfall_up 1' "$dir/metrics"; }
ok "from a worker that has the database" wait_for 5 fetched
is "metrics are well-formed" "$(python3 "$src/tests/lib/prometheus.py" < "$dir/metrics")" "ok"
is "as many events stored as the ledger says" "$(awk '/^footfall_events_stored_total/ { print $2 }' "$dir/metrics")" \
	"$(web_curl /api/health | jq '.ledger.stored // empty')"
ok "the drain's last look is there" grep -q '^footfall_drain_last_timestamp_seconds ' "$dir/metrics"
ok "and each task" grep -q '^footfall_task_last_success_timestamp_seconds{task="drain"' "$dir/metrics"
finish
