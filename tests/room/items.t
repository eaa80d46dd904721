#!/bin/bash
# Everything known of an item: each figure of /api/content/{kind}/{id}/stats against an own count of the raw rows, after the
# real drain; who may ask; what stays when an item is removed or gets another URL.
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
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\nretention.raw = 365d\n' "$FF_TEST_DB" "$dir" "$dir" >"$dir/conf"
chmod 640 "$dir/conf"
sql "INSERT INTO site (domain, name, time_zone, strict, secret)
     SELECT d || '.example', d, z, s, decode(repeat('00', 32), 'hex')
     FROM (VALUES ('a', 'America/St_Johns', false), ('b', 'Asia/Kathmandu', true)) v(d, z, s);
     INSERT INTO content (site_id, kind, key)
     SELECT 2, (ARRAY['video', 'article', 'image'])[i % 3 + 1], 'item-' || i FROM generate_series(0, 60) i" >/dev/null
now=$(date +%s)
days() { # SITE SEED key=value...: ten days of traffic, the last one is today
	"$build/tests/lib/mkspool" "$dir/spool$1" "$dir/ledger$1" sites="$1" seed="$2" events=9000 visitors=300 pause=400 \
	    span=900000 start=$((now - 900000)) "${@:3}" >/dev/null && "$build/tests/lib/drainer" "$dir/spool$1" bad_max=1000000 now="$now" >/dev/null
}
ok "ten days of a site are drained" days 1 3 plain=1
ok "and of a strict one, with robots, imports and people without identity" days 2 4 late=10 repeats=5
mine=$("$build/tests/room/make_key" 1 stats:read)
other=$("$build/tests/room/make_key" 2 stats:read)
writer=$("$build/tests/room/make_key" 1 content:write)

get() { # URI [NAME=VALUE...]
	local uri=$1
	shift
	env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=GET "REQUEST_URI=$uri" "QUERY_STRING=${uri#*\?}" "HTTP_AUTHORIZATION=Bearer ${KEY-$mine}" "$@" \
	    "$build/footfall-stats.fcgi" --conf "$dir/conf" 2>>"$dir/log" </dev/null
}
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
head_of() { tr -d '\r' | sed '/^$/q'; }

best() { # SITE WHERE: kind key of the item with most views
	sql "SELECT kind, key FROM content JOIN content_counter USING (site_id, content_id) WHERE site_id = $1 AND $2
	     ORDER BY views_total DESC, content_id LIMIT ${3:-1}" | tr '|' ' '
}
agrees() { # SITE KIND KEY
	get "/api/content/$2/$3/stats" | body | "$top/tests/room/items.py" "$1" "$2" "$3" "$now"
}
while read -r kind item; do
	like "all figures of $kind $item are those of its raw rows" "$(agrees 1 "$kind" "$item")" "^same, of [1-9]"
done <<<"$(best 1 true 4)
$(sql "SELECT kind, key FROM content c JOIN content_window w USING (site_id, content_id) WHERE site_id = 1 GROUP BY 1, 2
       ORDER BY count(*) FILTER (WHERE played) DESC, 1, 2 LIMIT 2" | tr '|' ' ')"
KEY=$other
while read -r kind item; do
	like "and on the strict site, of $kind $item" "$(BY=0 agrees 2 "$kind" "$item")" "^same, of [1-9]"
done <<<"$(best 2 true 3)"
unset KEY

# ---- how far it was watched ----
cron() { "$build/footfall-cron" --conf "$dir/conf" run "$@" 2>>"$dir/log"; }
curve() { get "/api/content/$1/stats" | body | jq -c .retention; }
video=$(sql "SELECT kind || '/' || key FROM content c JOIN content_window w USING (site_id, content_id) WHERE site_id = 1 AND played
    GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
is "before the first run there is no curve" "$(curve "$video")" null
ok "the task counts it" cron partitions watched
for item in "$video" $(sql "SELECT c.kind || '/' || c.key FROM content c JOIN content_window w USING (site_id, content_id)
    WHERE site_id = 1 AND played GROUP BY 1 ORDER BY count(*) DESC, 1 OFFSET 1 LIMIT 2"); do
	like "the curve of $item is that of its windows" "$(agrees 1 "${item%/*}" "${item#*/}")" '^same, of'
	unlike "and is there" "$(curve "$item")" null
done
whole=$(curve "$video")
# Rows are kept for five days now: the other days are added up, and stay when their tables go.
sed -i 's/^retention.raw.*/retention.raw = 5d/' "$dir/conf"
ok "days whose rows go are added up" cron watched
is "one row an item holds them, from their first day on" "$(sql "SELECT count(*) FILTER (WHERE bucket = '-infinity') > 0,
    count(*) FILTER (WHERE bucket > '-infinity' AND bucket < (to_timestamp($now) AT TIME ZONE 'UTC')::date - 5),
    bool_and(since BETWEEN '2020-01-01' AND current_date + 1) FROM content_watched")" "t|0|t"
is "the curve is the same" "$(curve "$video")" "$whole"
ok "tables of old days go" cron retention
ok "and the task runs again" cron watched
is "the curve stays" "$(curve "$video")" "$whole"

# ---- who, and what stays ----
path=/api/content/$(best 1 true | tr ' ' /)/stats
answer=$(get "$path")
like "may be kept for five minutes, by its reader alone" "$(head_of <<<"$answer")" '^Cache-Control: private, max-age=300'
etag=$(head_of <<<"$answer" | sed -n 's/^ETag: //p')
is "is not sent again" "$(get "$path" "HTTP_IF_NONE_MATCH=$etag" | code)" 304
is "an unknown item is 404" "$(get /api/content/video/nothing/stats | code)" 404
is "no key is 401" "$(get "$path" HTTP_AUTHORIZATION= | code)" 401
is "another site's key is 403" "$(KEY=$other get "$path?site=a.example" | code)" 403
is "a key that writes is 403" "$(KEY=$writer get "$path" | code)" 403
total=$(body <<<"$answer" | jq -c '[.viewsTotal, .uniqueTotal, .trend]')
id=${path#/api/content/} id=${id%/stats}
sql "UPDATE content SET url = 'https://a.example/new', title = 'New' WHERE site_id = 1 AND kind || '/' || key = '$id'"
is "another URL and title change no figure" "$(get "$path" | body | jq -c '[.viewsTotal, .uniqueTotal, .trend]')" "$total"
sql "UPDATE content SET removed_at = now() WHERE site_id = 1 AND kind || '/' || key = '$id'"
is "a removed item keeps its figures, and says so" "$(get "$path" | body | jq -c '[.viewsTotal, .uniqueTotal, .trend], .removed')" "$total
true"

# ---- counters of 200 ----
sql "INSERT INTO content (site_id, kind, key) SELECT 1, 'many', 'm' || i FROM generate_series(1, 20000) i;
     INSERT INTO content_counter (site_id, content_id, day, views_day, views_month, views_total)
     SELECT 1, content_id, current_date, 1, 2, 3 FROM content WHERE kind = 'many'; ANALYZE content; ANALYZE content_counter"
statement=$(sed '/^--/d' "$top/sql/queries/counts_read.sql")
kinds=$(printf ',many%.0s' $(seq 200)) keys=$(printf ',m%d' $(seq 97 97 19400))
echo "EXPLAIN (ANALYZE, TIMING OFF) EXECUTE q (1, '{${kinds#,}}', '{${keys#,}}', current_date);" >"$dir/ask"
plan=$(psql -XqAt -c "PREPARE q (int, text[], text[], date) AS $statement" \
	$(printf -- '-f %s ' "$dir/ask" "$dir/ask" "$dir/ask" "$dir/ask" "$dir/ask" "$dir/ask") 2>&1)
like "200 counters are found" "$plan" 'rows=200'
unlike "200 counters are looked up by their keys" "$plan" 'Seq Scan'
ms=$(sed -n 's/^Execution Time: \([0-9.]*\) ms/\1/p' <<<"$plan" | sort -n | head -n 1)
ok "in less than 3 ms ($ms)" awk -v ms="${ms:-9}" 'BEGIN { exit !(ms < 3) }'
ok "no complaint in the log" test -z "$(grep -E 'ERROR|failed' "$dir/log")"
finish
