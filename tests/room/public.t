#!/bin/bash
# Public counters: figures that agree with the raw rows, for items, pages and sites; GoatCounter's shapes; badges; what is not
# shown, and to whom.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
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
zone=America/St_Johns
sql "INSERT INTO site (domain, name, time_zone, secret)
     SELECT d || '.example', d, '$zone', decode(repeat('00', 32), 'hex') FROM (VALUES ('a'), ('b')) v(d)" >/dev/null
now=$(date +%s)
drained() {
	"$build/tests/lib/mkspool" "$dir/spool" "$dir/ledger" sites=1 seed=8 events=6000 visitors=300 plain=1 span=2000000 \
	    start=$((now - 2000000)) >/dev/null && "$build/tests/lib/drainer" "$dir/spool" bad_max=1000000 now="$now" >/dev/null
}
ok "three weeks of a site are drained" drained
get() { # URI [NAME=VALUE...]
	local uri=$1
	shift
	env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=GET "REQUEST_URI=$uri" "QUERY_STRING=${uri#*\?}" "$@" "$build/footfall-stats.fcgi" --conf "$dir/conf" \
	    2>>"$dir/log" </dev/null
}
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
head_of() { tr -d '\r' | sed '/^$/q'; }

# ---- off by default ----
for path in /public/a.example/total.json /public/a.example/video/item-0.json /public/nowhere.example/total.svg \
    '/counter/TOTAL.json?site=a.example'; do
	answer=$(get "$path")
	is "$path is for nobody, and any page may read that" "$(code <<<"$answer") $(body <<<"$answer") $(head_of <<<"$answer" | grep -c '^Access-Control-Allow-Origin: \*')" \
		'403 {"error":"the counters of this site are not public"} 1'
done
ok "the operator switches them on" "$build/footfall" --conf "$dir/conf" site set a.example public_counters on
like "as site show says" "$("$build/footfall" --conf "$dir/conf" site show a.example)" '^public_counters +on$'

# ---- items ----
read -r kind id total unique qualified < <(sql "SELECT c.kind, c.key,
        count(*), count(*) FILTER (WHERE e.flags & 256 <> 0),
        (SELECT count(*) FROM content_window w WHERE w.site_id = 1 AND w.content_id = e.content_id AND w.qualified)
    FROM event e JOIN content c USING (site_id, content_id) WHERE robot = 0 AND e.kind IN (1, 4) AND view_type <> 2
    GROUP BY c.kind, c.key, e.content_id ORDER BY 3 DESC LIMIT 1" | tr '|' ' ')
answer=$(get "/public/a.example/$kind/$id.json")
is "an item" "$(body <<<"$answer" | jq -c '[.kind, .id, .viewsTotal, .uniqueTotal, .qualifiedTotal]')" \
	"[\"$kind\",\"$id\",$total,$unique,$qualified]"
like "any page may read it" "$(head_of <<<"$answer")" '^Access-Control-Allow-Origin: \*'
like "and keep it for five minutes" "$(head_of <<<"$answer")" '^Cache-Control: public, max-age=300'
etag=$(head_of <<<"$answer" | sed -n 's/^ETag: //p')
is "the same is not sent again" "$(get "/public/a.example/$kind/$id.json" "HTTP_IF_NONE_MATCH=$etag" | code)" 304
is "as text" "$(get "/public/a.example/$kind/$id.txt" | body)" "$total"
is "unique ones" "$(get "/public/a.example/$kind/$id.txt?count=unique" | body)" "$unique"
is "of today" "$(get "/public/a.example/$kind/$id.txt?period=today" | body)" \
	"$(get "/public/a.example/$kind/$id.json" | body | jq .viewsToday)"
is "no key is looked at" "$(get "/public/a.example/$kind/$id.txt" 'HTTP_AUTHORIZATION=Bearer nonsense' | code)" 200

# ---- pages and sites ----
views() { # WHERE: page views and visitors, from the raw rows
	sql "SELECT count(*) FILTER (WHERE e.kind = 1), count(DISTINCT e.visitor) FILTER (WHERE e.visitor <> 0 AND e.kind NOT IN (3, 9, 12, 13))
	     FROM event e JOIN label l ON l.site_id = e.site_id AND l.label_id = e.path WHERE e.site_id = 1 AND robot = 0 AND ($1)" | tr '|' ' '
}
page=$(sql "SELECT l.value FROM event e JOIN label l ON l.site_id = e.site_id AND l.label_id = path WHERE kind = 1 AND robot = 0 AND l.value <> ''
    GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
read -r pageviews visitors < <(views "l.value = '$page'")
is "a page" "$(get "/public/a.example/page.json?path=$page" | body)" "{\"path\":\"$page\",\"pageviews\":$pageviews,\"visitors\":$visitors}"
read -r all people < <(views true)
got=$(get /public/a.example/total.json | body)
is "the site" "$(jq .pageviews <<<"$got")" "$all"
ok "its visitors within two percent ($(jq .visitors <<<"$got") of $people)" test "$(jq "((.visitors - $people) * 50 | fabs) <= $people" <<<"$got")" = true
today="(ts AT TIME ZONE '$zone')::date = (to_timestamp($now) AT TIME ZONE '$zone')::date"
read -r few _ < <(views "$today")
is "the site today" "$(get '/public/a.example/total.txt?period=today' | body)" "$few"
read -r _ some < <(views "l.value = '$page'")
is "visitors of a page as text" "$(get "/public/a.example/page.txt?path=$page&count=unique" | body)" "$some"

# ---- what is not shown ----
hidden() { # NAME URI: a 404 with zeros, the same for all
	local answer
	answer=$(get "$2")
	is "$1" "$(code <<<"$answer") $(body <<<"$answer" | jq -c 'del(.kind, .id, .path) | add')" "404 0"
}
hidden "an unknown item" /public/a.example/video/nothing.json
hidden "an unknown page" '/public/a.example/page.json?path=/nothing'
like "no answer about them is kept" "$(get /public/a.example/video/nothing.json | head_of)" '^Cache-Control: no-store'
item_page=$(sql "SELECT l.value FROM page_title p JOIN label l ON l.site_id = p.site_id AND l.label_id = p.path JOIN content c
    ON (c.site_id, c.content_id) = (p.site_id, p.content_id) WHERE (c.kind, c.key) = ('$kind', '$id') LIMIT 1")
for state in "private = true" "private = false, removed_at = now()"; do
	sql "UPDATE content SET $state WHERE (kind, key) = ('$kind', '$id')"
	hidden "an item with $state" "/public/a.example/$kind/$id.json"
	hidden "its page" "/public/a.example/page.json?path=$item_page"
	is "its page in GoatCounter's shape" "$(get "/counter$item_page.json?site=a.example" | body)" '{"count":"0","count_unique":"0"}'
done
sql "UPDATE content SET removed_at = NULL"
is "its counts stayed" "$(get "/public/a.example/$kind/$id.txt" | body)" "$total"
is "another URL changes nothing" "$(sql "UPDATE content SET url = 'https://a.example/new'"; get "/public/a.example/$kind/$id.txt" | body)" "$total"
for path in /public/a.example/total.png /public/a.example/other.json "/public/a.example/$kind/.json" "/public/a.example/$kind/$id"; do
	is "$path is not there" "$(get "$path" | code)" 404
done
is "a page has to be named" "$(get /public/a.example/page.json | code)" 400

# ---- GoatCounter ----
thin=$'\u202f'
grouped() { sed -E ":a; s/([0-9])([0-9]{3})($|$thin)/\1$thin\2\3/; ta" <<<"$1"; }
counter() { get "/counter/$1" HTTP_HOST="${2-stats.a.example:8443}"; }
answer=$(counter TOTAL.json)
is "the whole site, by the host above" "$(body <<<"$answer" | jq -r .count)" "$(grouped "$all")"
like "may be kept for four hours" "$(head_of <<<"$answer")" '^Cache-Control: public, max-age=14400'
is "by its own host" "$(counter TOTAL.json a.example | code)" 200
is "by another's name" "$(counter TOTAL.json b.example | code)" 403
encoded=$(sed 's|/|%2F|g' <<<"$page")
for path in "$encoded" "${page#/}" "$page"; do
	is "a page as $path" "$(counter "$path.json" | body)" "{\"count\":\"$(grouped "$pageviews")\",\"count_unique\":\"$(grouped "$visitors")\"}"
done
read -r week _ < <(views "l.value = '$page' AND (ts AT TIME ZONE '$zone')::date >= (to_timestamp($now) AT TIME ZONE '$zone')::date - 7")
is "of the last week" "$(counter "$encoded.json?start=week" | body | jq -r .count)" "$(grouped "$week")"
from=$(date -u -d "@$((now - 864000))" +%F) to=$(date -u -d "@$((now - 432000))" +%F)
read -r few _ < <(views "(ts AT TIME ZONE '$zone')::date BETWEEN '$from' AND '$to'")
is "between two days" "$(counter "TOTAL.json?start=$from&end=$to" | body | jq -r .count)" "$(grouped "$few")"
is "a day that is none is refused" "$(counter 'TOTAL.json?start=yesterday' | code)" 400
is "an unknown page has the same shape" "$(counter nothing.json | code) $(counter nothing.json | body)" '404 {"count":"0","count_unique":"0"}'
answer=$(counter TOTAL.html)
like "as a page" "$(body <<<"$answer" | tr -d '\n')" "<span id=\"gcvc-views\">$(grouped "$all")</span>"
like "which any page may frame" "$(head_of <<<"$answer")" "^Content-Security-Policy: default-src 'none'; frame-ancestors \\*\$"
unlike "and nothing forbids that" "$(head_of <<<"$answer")" '^X-Frame-Options'
is "PNG is not made" "$(counter TOTAL.png | code) $(counter TOTAL.png | body)" '404 {"error":"only .json, .html and .svg are made here"}'
like "an image" "$(counter TOTAL.svg | body)" "<title>views: $(grouped "$all")</title>"

# ---- badges ----
answer=$(get "/public/a.example/total.svg?label=%3Cb%3E%22%26%27")
like "a badge is an image" "$(head_of <<<"$answer")" '^Content-Type: image/svg\+xml'
like "that can run nothing" "$(head_of <<<"$answer")" "^Content-Security-Policy: default-src 'none'"
body <<<"$answer" >"$dir/badge.svg"
ok "is well-formed XML, whatever its label" python3 -c '
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
ns = "{http://www.w3.org/2000/svg}"
texts = [t.text for t in root.iter(ns + "text")]
assert texts == ["<b>\"&'"'"'", sys.argv[2]], texts
assert root.find(ns + "title").text == root.get("aria-label") == texts[0] + ": " + texts[1]
assert root.get("role") == "img" and not any(e.tag.endswith(("script", "style")) for e in root.iter())
boxes = [int(r.get("width")) for r in root.iter(ns + "rect")]
assert boxes[0] == boxes[1] + boxes[2] == int(root.get("width")), boxes
' "$dir/badge.svg" "$(grouped "$all")"
ok "is small ($(wc -c <"$dir/badge.svg") bytes)" test "$(wc -c <"$dir/badge.svg")" -lt 1200
is "without label it has one part" "$(get '/public/a.example/total.svg?label=' | body | grep -o '<text' | wc -l)" 1
ok "no complaint in the log" test -z "$(grep ERROR "$dir/log")"
finish
