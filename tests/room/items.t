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
finish
