#!/bin/bash
# Popular, trending, rising and related items: each list against an own computation over the raw rows, after the real drain and
# the real tasks; what may not appear; what one visitor can do to a list; what happens to days whose rows are gone.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
top=$(cd "${FF_SRCDIR:-.}" && pwd)
build=$(cd "${FF_BUILDDIR:-.}" && pwd)

dir=$(mktemp -d) || exit 99
cleanup() {
	pg_stop
	rm -rf "${dir:?}"
}
trap cleanup EXIT
pg_start || exit 99
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
mkdir -p "$dir/state/spool" "$dir/run"
export SETTINGS="2 43200 100 1 6 8 30" # least visitors, half-life, rise, support, items of a visitor, related, days
cat >"$dir/conf" <<CONF
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
retention.raw = 365d
lists.min_visitors = 2
lists.rise = 100
lists.together_visitors = 1
lists.together_items = 6
lists.related = 8
CONF
chmod 640 "$dir/conf"
sql "INSERT INTO site (domain, name, time_zone, secret)
     SELECT d || '.example', d, z, decode(repeat('00', 32), 'hex')
     FROM (VALUES ('a', 'America/St_Johns'), ('b', 'UTC')) v(d, z)" >/dev/null
now=$(date +%s)
drained() { # five weeks of traffic, the last day is today
	"$build/tests/lib/mkspool" "$dir/spool" "$dir/ledger" sites=1 seed=6 events=10000 visitors=250 pause=300 plain=1 \
	    span=3000000 start=$((now - 3000000)) >/dev/null && "$build/tests/lib/drainer" "$dir/spool" bad_max=1000000 now="$now" >/dev/null
}
cron() { "$build/footfall-cron" --conf "$dir/conf" run "$@" 2>>"$dir/log"; }
ok "five weeks of a site are drained" drained
# People in made-up traffic are hasty: four of five views that began a window get the attention that they lack.
sql "UPDATE content_window SET qualified = true WHERE hashint8(visitor + content_id) % 5 <> 0"
mine=$("$build/tests/room/make_key" 1 stats:read)
other=$("$build/tests/room/make_key" 2 stats:read)
get() { # URI
	env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=GET "REQUEST_URI=$1" "QUERY_STRING=${1#*\?}" "HTTP_AUTHORIZATION=Bearer ${KEY-$mine}" \
	    "$build/footfall-stats.fcgi" --conf "$dir/conf" 2>>"$dir/log" </dev/null
}
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
error() { body | sed -n 's/^{"error":"\(.*\)","code":.*/\1/p' | sed 's/\\"/"/g'; }
list() { get "/api/lists/$1" | body; }
agrees() { # LIST DAYS QUERY
	list "$1?$3&limit=${LIMIT:-100}" | "$top/tests/room/lists.py" 1 "$1" "$2"
}
declare -A word=([0]=all [1]=day [7]=week [30]=month)

is "before the first run a list is empty, and says so" "$(list trending | jq -c '[.computedAt, .items]')" '[null,[]]'
ok "the tasks run" cron partitions trending together watched
for days in 0 1 7 30; do
	like "popular of ${word[$days]}" "$(agrees popular $days "window=${word[$days]}")" '^same, of [1-9]'
done
for days in 1 7 30; do
	like "trending of ${word[$days]}" "$(agrees trending $days "window=${word[$days]}")" '^same, of [1-9]'
	like "rising of ${word[$days]}" "$(agrees rising $days "window=${word[$days]}")" '^same, of [0-9]'
done
like "something rises" "$(list 'rising?window=week' | jq '.items | length')" '^[1-9]'
for kind in video article; do
	like "trending of kind $kind" "$(KIND=$kind agrees trending 7 "kind=$kind")" '^same, of [1-9]'
done
owner=$(sql "SELECT owner FROM content JOIN content_counter USING (site_id, content_id) WHERE owner <> '' GROUP BY 1 ORDER BY sum(views_total) DESC LIMIT 1")
like "popular of an owner" "$(OWNER=$owner agrees popular 0 "window=all&owner=$owner")" '^same, of [1-9]'
like "popular of a collection" "$(COLLECTION=shelf agrees popular 30 "window=month&collection=shelf")" '^same, of [1-9]'
like "the first three" "$(LIMIT=3 agrees popular 30 "window=month")" '^same, of [1-9]'
for item in $(sql "SELECT kind || '/' || key FROM content JOIN content_counter USING (site_id, content_id) ORDER BY uniques_total DESC LIMIT 3"); do
	like "related to $item" "$(get "/api/content/$item/related?limit=100" | body | "$top/tests/room/lists.py" 1 related "$item")" '^same, of [1-9]'
done
is "the answer says how" "$(list 'trending?window=day' | jq -c '[.list, .site, .window, .algorithm.parameters]')" \
	'["trending","a.example","day",{"visitorsOf":"qualified views","minVisitors":2,"halfLife":43200,"horizon":259200}]'
is "and for rising" "$(list 'rising?window=day' | jq -c '.algorithm.parameters')" \
	'{"visitorsOf":"qualified views","minVisitors":2,"pastDays":28,"minPercent":100,"z":2.326}'

# ---- what may not appear ----
name() { jq -r '.items[0] | .kind + "/" + .id'; }
sed -i '$a lists.views = unique' "$dir/conf" && cron trending together
like "visitors of any view, if the settings say so" "$(UNIQUE=1 agrees trending 1 window=day)" '^same, of [1-9]'
like "so are they for rising" "$(UNIQUE=1 agrees rising 7 window=week)" '^same, of [1-9]'
like "and related" "$(get "/api/content/$item/related?limit=100" | body | UNIQUE=1 "$top/tests/room/lists.py" 1 related "$item")" '^same, of [1-9]'
sed -i '$d' "$dir/conf" && cron trending together

first=$(list 'popular?window=all' | name)
sql "UPDATE content SET private = true WHERE kind || '/' || key = '$first'"
unlike "a private item is gone at once" "$(list 'popular?window=all' | jq -r '.items[] | .kind + "/" + .id')" "^$first\$"
ok "and not computed any more" cron trending together
like "as the model has it" "$(agrees popular 0 window=all)" '^same, of [1-9]'
sql "UPDATE content SET private = false, removed_at = now() WHERE kind || '/' || key = '$first'"
unlike "nor is a removed one" "$(list 'popular?window=all' | jq -r '.items[] | .kind + "/" + .id')" "^$first\$"
is "which has no related items either" "$(get "/api/content/$first/related" | code)" 404
sql "UPDATE content SET removed_at = NULL"

# ---- gaming ----
victim=$(sql "SELECT content_id FROM content WHERE site_id = 1 ORDER BY content_id DESC LIMIT 1")
flood() { # VISITORS WINDOWS-EACH
	sql "INSERT INTO content_window (started_at, content_id, visitor, engaged_ms, event_id, site_id, percent, auth, qualified, played,
	         completed)
	     SELECT now() - interval '3 hours' + w * interval '30 seconds', $victim, 900000 + v, 60000, gen_random_uuid(), 1, 100, false, true,
	         false, false FROM generate_series(1, $1) v, generate_series(1, $2) w"
}
victim_is() { sql "SELECT count(*) || ' ' || coalesce(max(visitors), 0) FROM content_list WHERE site_id = 1 AND list = 2 AND days = 1 AND content_id = $victim"; }
sql "DELETE FROM content_window WHERE content_id = $victim" && flood 1 100 && cron trending
is "one visitor with a hundred windows is below the floor" "$(victim_is)" "0 0"
flood 1 1 2>/dev/null
sql "DELETE FROM content_window WHERE content_id = $victim" && flood 3 20 && cron trending
is "three count as three" "$(victim_is)" "1 3"
like "and all lists are still as the model has them" "$(agrees trending 1 window=day)" '^same, of [1-9]'

# ---- late and lost rows ----
before=$(sql "SELECT md5(string_agg(r::text, ',' ORDER BY bucket, content_id)) FROM content_reach r WHERE site_id = 1 AND bucket < current_date - 10")
part=content_window_$(date -u -d '-12 days' +%Y%m%d)
sql "DROP TABLE $part; UPDATE content_swept SET swept_at = '-infinity'" && cron trending together watched
is "a day whose rows are gone keeps what was counted" \
	"$(sql "SELECT md5(string_agg(r::text, ',' ORDER BY bucket, content_id)) FROM content_reach r WHERE site_id = 1 AND bucket < current_date - 10")" "$before"
is "two runs of a task change nothing" "$(cron together; sql "SELECT md5(string_agg(r::text, ',' ORDER BY item, place)) FROM content_related r")" \
	"$(cron together; sql "SELECT md5(string_agg(r::text, ',' ORDER BY item, place)) FROM content_related r")"

# ---- refusals ----
while read -r path want; do
	answer=$(get "$path")
	is "$path" "$(code <<<"$answer") $(error <<<"$answer")" "$want"
done <<'CASES'
/api/lists/trending?window=all 400 window is day, week or month: "all" is for popular items alone
/api/lists/trending?window=year 400 window is not one of day|week|month|all
/api/lists/popular?limit=101 400 limit is not between 1 and 100
/api/lists/best 404 not found
/api/content/video/nothing/related 404 not found
/api/lists/popular?site=b.example 403 not allowed with these credentials
CASES
is "another site has lists of its own" "$(KEY=$other list 'popular?window=all' | jq -c '[.site, .items]')" '["b.example",[]]'
ok "no complaint in the log" test -z "$(grep -E 'ERROR|failed' "$dir/log")"
finish
