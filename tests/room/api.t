#!/bin/bash
# The statistics program on a real database: every endpoint as plain CGI, then as FastCGI behind a web server while the
# database goes and comes back.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
. "${FF_SRCDIR:-.}/tests/lib/web.sh"
top=$(cd "${FF_SRCDIR:-.}" && pwd)
build=$(cd "${FF_BUILDDIR:-.}" && pwd)
stats=$build/footfall-stats.fcgi

dir=$(mktemp -d) || exit 99
pid=
cleanup() {
	web_stop
	[ -z "$pid" ] || { kill "$pid"; wait "$pid"; } 2>/dev/null
	pg_stop
	rm -rf "${dir:?}"
}
trap cleanup EXIT

pg_start || exit 99
pg_psql -f "$top/tests/fact/query-data.sql" >/dev/null || exit 99
mkdir -p "$dir/state/spool" "$dir/run"
touch "$dir/run/salts"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$dir" "$dir" >"$dir/conf"
chmod 640 "$dir/conf"
key() { "$build/tests/room/make_key" "$@"; }
all=$(key 0 stats:read)
mine=$(key 1 stats:read)
other=$(key 2 stats:read)
writer=$(key 1 events:write)

cgi() { # METHOD URI [NAME=VALUE...], body on standard input
	local method=$1 uri=$2 body
	shift 2
	body=$(cat)
	printf '%s' "$body" | env -i FOOTFALL_STATS_CACHE=0 "REQUEST_METHOD=$method" "REQUEST_URI=$uri" "QUERY_STRING=${uri#*\?}" "CONTENT_LENGTH=${#body}" \
	    "HTTP_AUTHORIZATION=Bearer ${KEY-$mine}" "$@" "$stats" --conf "$dir/conf" 2>>"$dir/log"
}
get() { cgi GET "$@" </dev/null; }
post() { cgi POST "$@" CONTENT_TYPE=application/json; }
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
head_of() { tr -d '\r' | sed '/^$/q'; }
error() { body | sed -n 's/^{"error":"\(.*\)","code":.*/\1/p' | sed 's/\\"/"/g; s/\\u003c/</g; s/\\u003e/>/g'; }

# ---- counters ----
pg_psql -c "UPDATE content_counter SET day = (now() AT TIME ZONE 'Europe/Berlin')::date WHERE content_id = 1"
counts='{"viewsToday":5,"viewsMonth":50,"viewsTotal":500}'
answer=$(get /api/analytics/stats/i1)
is "an item of the default kind" "$(body <<<"$answer")" "$counts"
is "is 200" "$(code <<<"$answer")" 200
like "is JSON" "$(head_of <<<"$answer")" '^Content-Type: application/json'
like "may be kept 30 seconds, by its reader alone" "$(head_of <<<"$answer")" '^Cache-Control: private, max-age=30'
etag=$(head_of <<<"$answer" | sed -n 's/^ETag: //p')
like "has an ETag" "$etag" '^"[0-9a-f]{32}"$'
answer=$(get /api/analytics/stats/i1 "HTTP_IF_NONE_MATCH=$etag")
is "which gives 304" "$(code <<<"$answer")" 304
is "without a body" "$(body <<<"$answer")" ""
pg_psql -c 'UPDATE content_counter SET views_total = 501 WHERE content_id = 1'
is "and 200 after a change" "$(get /api/analytics/stats/i1 "HTTP_IF_NONE_MATCH=$etag" | code)" 200
pg_psql -c 'UPDATE content_counter SET views_total = 500 WHERE content_id = 1'
is "HEAD is GET without the body" "$(cgi HEAD /api/analytics/stats/i1 </dev/null | code)" 200
more() { # UNIQUE TODAY MONTH TOTAL, QUALIFIED TODAY MONTH TOTAL
	printf '"uniqueToday":%s,"uniqueMonth":%s,"uniqueTotal":%s,"qualifiedToday":%s,"qualifiedMonth":%s,"qualifiedTotal":%s' "$@"
}
none=$(more 0 0 0 0 0 0) old=$(more 0 0 400 0 0 300) new=$(more 4 40 400 3 30 300)
is "an item of another kind" "$(get /api/content/post/i1/counts | body)" \
	'{"kind":"post","id":"i1","viewsToday":0,"viewsMonth":0,"viewsTotal":900,'"$old}"
is "an unknown item counts zero" "$(get /api/analytics/stats/nothing | body)" '{"viewsToday":0,"viewsMonth":0,"viewsTotal":0}'
is "a strange id is only text" "$(get "/api/content/video/%27%3B%20DROP%20TABLE%20site%3B--/counts" | code)" 200
is "an id with U+0000 is refused" "$(get /api/content/video/a%00b/counts | code)" 400
is "many items" "$(post /api/content/counts <<<'{"items":[{"id":"i1"},{"kind":"post","id":"i1"},{"kind":"video","id":"x"}]}' | body)" \
	'{"items":[{"kind":"video","id":"i1","viewsToday":5,"viewsMonth":50,"viewsTotal":500,'"$new"',"known":true},'\
'{"kind":"post","id":"i1","viewsToday":0,"viewsMonth":0,"viewsTotal":900,'"$old"',"known":true},'\
'{"kind":"video","id":"x","viewsToday":0,"viewsMonth":0,"viewsTotal":0,'"$none"',"known":false}]}'
items() { printf '{"items":['; for i in $(seq "$1"); do printf '%s{"kind":"v","id":"%s"}' "${sep-}" "$i"; sep=,; done; printf ']}'; }
is "200 items" "$(items 200 | post /api/content/counts | body | grep -o '"known":false' | wc -l)" 200
answer=$(items 201 | post /api/content/counts)
is "201 are refused" "$(code <<<"$answer") $(error <<<"$answer")" "400 items must be a list of 1 to 200 items"
while IFS='|' read -r sent want; do
	answer=$(post /api/content/counts <<<"$sent")
	is "refused: $sent" "$(code <<<"$answer") $(error <<<"$answer")" "400 $want"
done <<'CASES'
[]|request must be a JSON object
{|request is not valid JSON at byte 1
{"items":[]}|items must be a list of 1 to 200 items
{"items":{}}|items must be a list of 1 to 200 items
{"items":[1]}|items must hold objects with kind and id
{"items":[{"kind":"video"}]}|id is required
{"items":[{"id":7}]}|id must be a string that is not empty
{"items":[{"id":""}]}|id must be a string that is not empty
{"site":1,"items":[{"id":"a"}]}|site must be a string that is not empty
CASES

# ---- keys and sites ----
is "no key is 401" "$(get /api/analytics/stats/i1 HTTP_AUTHORIZATION= | code)" 401
is "a made-up key is 401" "$(KEY=ffk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; get /api/analytics/stats/i1 | code)" 401
like "401 asks for a key" "$(get /api/analytics/stats/i1 HTTP_AUTHORIZATION= | head_of)" '^WWW-Authenticate: Bearer'
is "a key without the scope is 403" "$(KEY=$writer; get /api/analytics/stats/i1 | code)" 403
is "another site's key is 403" "$(KEY=$other; get '/api/analytics/stats/i1?site=example.com' | code)" 403
is "and learns nothing of sites that are not there" "$(KEY=$other; get '/api/analytics/stats/i1?site=nowhere.example' | code)" 403
is "its own site needs no name" "$(KEY=$other; get /api/analytics/stats/i1 | body)" '{"viewsToday":0,"viewsMonth":0,"viewsTotal":0}'
answer=$(KEY=$all; get /api/analytics/stats/i1)
is "a key of all sites has to name one" "$(code <<<"$answer") $(error <<<"$answer")" "400 site is required: this key may see several"
is "by domain" "$(KEY=$all; get '/api/analytics/stats/i1?site=WWW.example.com' | body)" "$counts"
is "by number" "$(KEY=$all; get '/api/analytics/stats/i1?site=1' | body)" "$counts"
is "by public id" "$(KEY=$all; get "/api/analytics/stats/i1?site=$(psql -XAtc 'SELECT public_id FROM site WHERE site_id = 1')" | body)" "$counts"
is "an unknown site is 404" "$(KEY=$all; get '/api/analytics/stats/i1?site=nowhere.example' | code)" 404
is "a wrong method is 405" "$(post /api/analytics/stats/i1 <<<'{}' | code)" 405
is "an unknown path is 404" "$(get /api/nothing | code)" 404

# ---- queries ----
query() { post /api/v2/query <<<"$1"; }
q() { printf '{"site_id":"example.com","date_range":["2026-10-20","2026-10-22"],%s}' "$1"; }
total() { psql -XAtc "SELECT $1 FROM event WHERE site_id = 1 AND robot = 0 AND (ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND '2026-10-22' ${2-}"; }

answer=$(query "$(q '"metrics":["pageviews","visitors"]')")
is "a query is 200" "$(code <<<"$answer")" 200
like "is kept by nobody" "$(head_of <<<"$answer")" '^Cache-Control: no-store'
pageviews=$(total 'count(*)' 'AND kind = 1')
visitors=$(total 'count(DISTINCT visitor) FILTER (WHERE visitor <> 0)' 'AND kind <> 3')
is "an aggregate, whole" "$(body <<<"$answer")" \
'{"results":[{"metrics":['"$pageviews,$visitors"'],"dimensions":[]}],'\
'"meta":{"as_of":"2026-11-01T00:00:00Z","visitors_scope":"day","visitors_error":0},'\
'"query":{"site_id":"example.com","metrics":["pageviews","visitors"],"date_range":["2026-10-20T00:00:00+02:00","2026-10-22T23:59:59+02:00"],'\
'"filters":[],"dimensions":[],"order_by":[["pageviews","desc"]],"include":{},"pagination":{"offset":0,"limit":10000}}}'
answer=$(query "$(q '"metrics":["pageviews"],"dimensions":["time:day"],"include":{"time_labels":true,"total_rows":true,"imports":true}')" | body)
like "a timeseries" "$answer" '^\{"results":\[\{"metrics":\[[0-9]+\],"dimensions":\["2026-10-20"\]\},\{"metrics":\[[0-9]+\],"dimensions":\["2026-10-21"\]\},'
like "with its meta" "$answer" \
	'"meta":\{"imports_included":false,"imports_skip_reason":"no_imported_data","time_labels":\["2026-10-20","2026-10-21","2026-10-22"\],"total_rows":3,'
like "and its order" "$answer" '"order_by":\[\["time:day","asc"\],\["pageviews","desc"\]\],"include":\{"imports":true,"time_labels":true,"total_rows":true\}'
like "time alone is hours of a day" "$(query '{"site_id":"example.com","metrics":["visits"],"date_range":["2026-10-25","2026-10-25"],"dimensions":["time"],"include":{"time_labels":true}}' | body)" \
	'"time_labels":\["2026-10-25 00:00:00","2026-10-25 01:00:00","2026-10-25 02:00:00","2026-10-25 02:00:00","2026-10-25 03:00:00".*"dimensions":\["time:hour"\]'
like "days of a month" "$(query '{"site_id":"example.com","metrics":["visits"],"date_range":["2026-10-01","2026-10-31"],"dimensions":["time"]}' | body)" '"dimensions":\["time:day"\],"order_by"'
like "weeks of a year" "$(query '{"site_id":"example.com","metrics":["visits"],"date_range":"year","dimensions":["time"]}' | body)" '"dimensions":\["time:week"\],"order_by"'
like "months of more" "$(query '{"site_id":"example.com","metrics":["visits"],"date_range":["2025-01-01","2026-12-31"],"dimensions":["time"]}' | body)" '"dimensions":\["time:month"\],"order_by"'
page=$(psql -XAtF, -c "SELECT l.value, count(*) FROM event e JOIN label l ON l.site_id = 1 AND l.label_id = path WHERE e.site_id = 1 AND robot = 0 AND kind = 1
    AND (ts AT TIME ZONE 'Europe/Berlin')::date BETWEEN '2026-10-20' AND '2026-10-22' GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
like "a dimension, first by the metric" "$(query "$(q '"metrics":["pageviews"],"dimensions":["event:page"]')" | body)" \
	"^\\{\"results\":\\[\\{\"metrics\":\\[${page#*,}\\],\"dimensions\":\\[\"${page%,*}\"\\]"
like "items are named kind/key" "$(query "$(q '"metrics":["views"],"dimensions":["content:item"],"order_by":[["content:item","asc"]]')" | body)" '"dimensions":\["(post|video)/i1"\]'
like "time and another dimension" "$(query "$(q '"metrics":["visits"],"dimensions":["visit:source","time:day"],"order_by":[["time:day","asc"],["visits","desc"]]')" | body)" \
	'"dimensions":\["[A-Za-z./ ]+","2026-10-20"\]'
like "a page of the rows" "$(query "$(q '"metrics":["visits"],"dimensions":["visit:source"],"pagination":{"limit":1,"offset":1},"include":{"total_rows":true}')" | body)" \
	'^\{"results":\[\{"metrics":\[[0-9]+\],"dimensions":\["[^"]*"\]\}\],"meta":\{"total_rows":4,'
like "filters come back as they were sent" "$(query "$(q '"metrics":["visits"],"filters":[["is","visit:country",["DE","US"]],["is_not","visit:source",["Google"],{"case_sensitive":true}]]')" | body)" \
	'"filters":\[\["is","visit:country",\["DE","US"\]\],\["is_not","visit:source",\["Google"\],\{"case_sensitive":true\}\]\]'
is "rates without visits are 0" "$(query '{"site_id":"example.com","metrics":["bounce_rate","visit_duration","views_per_visit","visitors"],"date_range":["2020-01-01","2020-01-02"]}' | body | sed 's/,"meta".*//')" \
	'{"results":[{"metrics":[0,0,0,0],"dimensions":[]}]'
like "instants to the second" "$(query '{"site_id":"example.com","metrics":["events"],"date_range":["2026-10-20T10:00:00+02:00","2026-10-20T11:59:59+02:00"]}' | body)" \
	'"date_range":\["2026-10-20T10:00:00\+02:00","2026-10-20T11:59:59\+02:00"\]'
for words in day 24h 7d 30d month 6mo 12mo year all; do
	is "date_range $words" "$(query '{"site_id":"example.com","metrics":["visitors","visits","bounce_rate"],"dimensions":["time"],"date_range":"'$words'"}' | code)" 200
done

while IFS='~' read -r sent want; do
	answer=$(query "$(q "$sent")")
	is "refused: $sent" "$(code <<<"$answer") $(error <<<"$answer")" "400 $want"
done <<'CASES'
"metrics":["visitors","baa"]~#/metrics/1: Invalid metric "baa"
"metrics":[7]~#/metrics/0: Invalid metric 7
"metrics":[]~#/metrics: Expected a minimum of 1 items but got 0.
"metrics":"visitors"~#/metrics: Type mismatch. Expected Array but got String.
"dimensions":[]~#: Required property metrics was not present.
"metrics":["views_per_visit","visitors","visitors"]~#/metrics: Expected items to be unique but they were not.
"metrics":["visitors"],"dimensions":["badproperty"]~#/dimensions/0: Invalid dimension "badproperty"
"metrics":["visitors"],"dimensions":["time:day","time:hour"]~#/dimensions: Only one time dimension can be queried at once.
"metrics":["views_per_visit"],"dimensions":["event:name"]~Metric `views_per_visit` cannot be queried with `dimensions`.
"metrics":["views_per_visit"],"filters":[["is","event:page",["/something"]]]~Metric `views_per_visit` cannot be queried with a filter on `event:page`.
"metrics":["visitors","bounce_rate"],"dimensions":["event:name"]~Session metric(s) `bounce_rate` cannot be queried along with event dimension(s) `event:name`
"metrics":["pageviews"],"filters":[["is","visit:country",["USA"]]]~Invalid visit:country filter, visit:country needs to be a valid 2-letter country code.
"metrics":["pageviews"],"filters":[["is","event:page",["/a"]],["is","event:page"]]~#/filters/1: Invalid filter ["is", "event:page"]
"metrics":["pageviews"],"filters":[["is","event:page",[1]]]~Invalid filter '["is", "event:page", [1]]'.
"metrics":["pageviews"],"filters":[["is","event:page",["/"],{"case_sensitive":1}]]~#/filters/0: Invalid filter ["is", "event:page", ["/"], %{"case_sensitive" => 1}]
"metrics":["pageviews"],"filters":["is"]~#/filters/0: Invalid filter "is"
"metrics":["visitors"],"order_by":[["pageviews","desc"]]~Invalid order_by entry '{:pageviews, :desc}'. Entry is not a queried metric or dimension.
"metrics":["visitors"],"order_by":[["visitors","down"]]~#/order_by/0/1: Value is not allowed in enum.
"metrics":["visitors"],"include":{"time_labels":true}~Invalid include.time_labels: requires a time dimension.
"metrics":["visitors"],"include":{"comparisons":{}}~#/include/comparisons: Expected exactly one of the schemata to match, but none of them did.
"metrics":["visitors"],"include":{"total_rows":1}~#/include/total_rows: Type mismatch. Expected Boolean but got Integer.
"metrics":["visitors"],"pagination":{"limit":10001}~#/pagination/limit: Expected the value to be <= 10000
"metrics":["visitors"],"pagination":{"offset":-1}~#/pagination/offset: Expected the value to be >= 0
"metrics":["visitors"],"unknown":1~#/unknown: Schema does not allow additional properties.
CASES
while IFS='~' read -r sent want; do
	answer=$(query '{"site_id":"example.com","metrics":["visitors"],"date_range":'"$sent}")
	is "refused: $sent" "$(code <<<"$answer") $(error <<<"$answer")" "400 #/date_range: Invalid date range $want"
done <<'CASES'
"bad_period"~"bad_period"
"2026-10-20,2026-10-21"~"2026-10-20,2026-10-21"
["2026-10-21","2026-10-20"]~["2026-10-21", "2026-10-20"]
["2026-10-21"]~["2026-10-21"]
["2026-10-20","2026-10-21T10:00:00Z"]~["2026-10-20", "2026-10-21T10:00:00Z"]
7~7
CASES
answer=$(query '{"site_id":"example.com","metrics":["visitors"],"date_range":["2020-01-01","2026-10-21"],"dimensions":["time:hour"]}')
is "too many hours" "$(code <<<"$answer") $(error <<<"$answer")" "400 date_range is too long for these steps of time: at most 10000"
# A day whose rows went and whose figures stayed.
pg_psql -c "INSERT INTO rollup_day VALUES (0, 1, 0, 0, 1, 0, 1, 0, '2026-10-17', 1, 0, hll_empty(14, 5, -1, 1))" > /dev/null
answer=$(query '{"site_id":"example.com","metrics":["pageviews"],"date_range":["2026-10-01","2026-10-21"],"dimensions":["event:page"],"filters":[["is","visit:country",["DE"]]]}')
is "beyond the single rows" "$(code <<<"$answer") $(error <<<"$answer")" "400 This combination needs single events, which are kept since 2026-10-20: ask for a date_range that begins there or later, or for one dimension, filtered by itself"
pg_psql -c "DELETE FROM rollup_day WHERE bucket = '2026-10-17'" > /dev/null
is "no date_range" "$(query '{"site_id":"example.com","metrics":["visitors"]}' | error)" "#: Required property date_range was not present."
is "no site" "$(query '{"metrics":["visitors"],"date_range":"day"}' | error)" "Missing site ID. Please provide the required site_id parameter with your request."
wrong="401 Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've requested."
answer=$(query '{"site_id":"other.example","metrics":["visitors"],"date_range":"day"}')
is "another site" "$(code <<<"$answer") $(error <<<"$answer")" "$wrong"
answer=$(KEY=$all; query '{"site_id":"nowhere.example","metrics":["visitors"],"date_range":"day"}')
is "an unknown site" "$(code <<<"$answer") $(error <<<"$answer")" "$wrong"
is "without a key" "$(query '{}' HTTP_AUTHORIZATION= | code) $(KEY=; query '{}' | code)" "400 401"
is "a body that is no object" "$(query '7' | error)" "#: Type mismatch. Expected Object but got Integer."
is "no questions at all" "$(query '[]' | error)" "#: Expected 1 to 20 queries but got 0."
is "a body that is not UTF-8" "$(printf '{"site_id":"\xff"}' | post /api/v2/query | code)" 400
is "a body that is too deep" "$(query "$(printf '[%.0s' {1..40})" | code)" 400
is "a body that is too large" "$(head -c 300000 /dev/zero | tr '\0' ' ' | post /api/v2/query | code)" 413

# Anybody may make up labels: more of the longest ones than an answer holds.
psql -Xq -c "INSERT INTO label (site_id, value) SELECT 1, '/long' || n || repeat('x', 1900) FROM generate_series(1, 4600) n" \
	-c "INSERT INTO rollup_day SELECT label_id, 0, 0, 0, 1, 0, 1, 0, '2020-02-02', 1, 1, hll_empty(14, 5, -1, 1) FROM label WHERE site_id = 1 AND value LIKE '/long%x'"
long='{"site_id":"example.com","metrics":["pageviews"],"date_range":["2020-02-02","2020-02-02"],"dimensions":["event:page"]'
answer=$(query "$long}")
is "more rows than an answer holds" "$(code <<<"$answer") $(error <<<"$answer")" "400 #/pagination/limit: The answer would be larger than 8 MiB, ask for fewer rows"
is "fewer of them" "$(query "$long,\"pagination\":{\"limit\":4000}}" | code)" 200

# ---- health ----
answer=$(get /api/health HTTP_AUTHORIZATION=)
is "health asks for no key" "$(code <<<"$answer")" 200
like "knows the database and its migration" "$(body <<<"$answer")" '"database":\{"reachable":true,"migration":[0-9]+\}'
like "the drain" "$(body <<<"$answer")" '"drain":\{"last":"2026-11-01T00:00:00Z","age_s":-?[0-9]+,"quarantined":0,"failing_tasks":0\}'
like "the spool" "$(body <<<"$answer")" '"spool":\{"bytes":0,"pending_bytes":0,"pending_records":0,"segments":0,"soft_limit":1073741824,'
like "the salts" "$(body <<<"$answer")" '"salts":\{"made":"20[^"]*","age_s":[0-9]+\}'
like "what is missing is a warning" "$(body <<<"$answer")" '"status":"warning","problems":\[.*"there is no ledger: no collector has run here"'
pg_psql -c "INSERT INTO task (task, due_at, last_ok_at) VALUES ('drain', now(), now()) ON CONFLICT (task, place) DO UPDATE SET last_ok_at = now()" \
	-c "INSERT INTO drain_count VALUES (1, current_date, 17, 3)"
like "what the drain left out" "$(get /api/health | body)" '"drained_without":\{"duplicate":3\}'
is "a database without our tables is degraded" "$(sed 's/dbname=footfall/dbname=postgres/' "$dir/conf" >"$dir/conf2"; chmod 640 "$dir/conf2"; \
	env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=GET REQUEST_URI=/api/health "$stats" --conf "$dir/conf2" 2>/dev/null </dev/null | code)" 503

# ---- as FastCGI, while the database goes and comes back ----
"$stats" --conf "$dir/conf" --listen "$dir/run/stats.sock" 2>>"$dir/log" &
pid=$!
wait_for 10 test -S "$dir/run/stats.sock"
web_start lighttpd "$dir/run" || exit 99
auth="Authorization: Bearer $mine"
is "FastCGI gives the same" "$(web_curl /api/analytics/stats/i1 -H "$auth")" "$counts"
is "FastCGI takes a body" "$(web_curl /api/v2/query -H "$auth" -d "$(q '"metrics":["pageviews"]')" | sed 's/,"meta".*//')" \
	'{"results":[{"metrics":['"$pageviews"'],"dimensions":[]}]'
pg_immediate_stop
answer=$(web_curl /api/analytics/stats/i1 -i -H "$auth" | tr -d '\r')
like "without the database it is 503" "$answer" '^HTTP/1.1 503'
like "as JSON" "$answer" '^\{"error":"the database is not reachable, try again later","code":"DATABASE","request_id":"[0-9a-f]{16}"\}'
like "with a time to come back" "$answer" '^Retry-After: [0-9]+'
is "a query too" "$(web_status /api/v2/query -H "$auth" -d "$(q '"metrics":["pageviews"]')")" 503
answer=$(web_curl /api/health -i)
like "health says what is missing" "$answer" '"database":\{"reachable":false\}.*"status":"degraded","problems":\["the database is not reachable"'
like "with 503" "$answer" '^HTTP/1.1 503'
pg_restart || exit 99
back() { [ "$(web_status /api/analytics/stats/i1 -H "$auth")" = 200 ]; }
ok "and all recovers by itself" wait_for 10 back
healthy() { [ "$(web_status /api/health)" = 200 ]; }
ok "health too" wait_for 10 healthy
kill "$pid"
wait "$pid"
is "TERM ends it cleanly" $? 0
pid=
unlike "no sanitizer has complained" "$(cat "$dir/log")" 'Sanitizer|runtime error'
finish
