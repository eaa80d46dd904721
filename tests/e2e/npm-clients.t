#!/bin/bash
# Clients of other products, as the npm registry has them, record unmodified into the whole house (nginx, collector, spool,
# cron, PostgreSQL), and every field that they send is found again: in rows, and in figures where there is one for it.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/web.sh"

web_program nginx > /dev/null || skip_all "no nginx"
NODE_PATH=$("$src/tests/lib/npm.sh" 2>&1)
case $? in
0) ;;
77) skip_all "$NODE_PATH" ;;
*) echo "# $NODE_PATH"; exit 1 ;;
esac
export NODE_PATH
clients=$(cd "$src/tests/npm/clients" && pwd)
dir=$(mktemp -d)
pids=()
finish_all() {
	web_stop
	for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null; wait "$pid" 2> /dev/null; done
	pg_stop
	rm -rf "${dir:?}"
}
trap finish_all EXIT
pg_start || skip_all "no PostgreSQL"
mkdir -p "$dir/state" "$dir/run"
cat > "$dir/footfall.conf" <<END
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
data_dir = $src/sql
END
chmod 640 "$dir/footfall.conf"
export FOOTFALL_CONF=$dir/footfall.conf
for site in p.example t.example b.example n.example u.example m.example g.example; do "$build/footfall" site add $site > /dev/null || exit 1; done
q() { psql -XqAt -F '|' -v ON_ERROR_STOP=1 -c "$1" 2>&1; }
site_id() { q "SELECT site_id FROM site WHERE domain = '$1'"; }
reader=$("$build/footfall" key add reader)
writer() { "$build/footfall" key add writer --site "$1" --scopes events:write; }
matomo_key=$(writer m.example) goat_key=$(writer g.example)
for task in partitions salts snapshot; do "$build/footfall-cron" run $task 2>> "$dir/log" || exit 1; done
for program in stats collect; do
	"$build/footfall-$program.fcgi" --listen "$dir/run/$program.sock" 2>> "$dir/log" &
	pids+=($!)
	wait_for 5 test -S "$dir/run/$program.sock"
done
web_start nginx "$dir/run" || exit 1
origin=http://127.0.0.1:$WEB_PORT
drain() { "$build/footfall-cron" run drain 2>> "$dir/log"; }

client() { # FILE ARGS...
	timeout 60 node "$clients/$1" "${@:2}" 2> "$dir/err" || { sed 's/^/# /' "$dir/err"; echo "ended with an error"; }
}
# One line an event: kind, name, host, path, and what COLUMNS (SQL) says.
events() { # DOMAIN COLUMNS [CONDITION]
	q "SELECT e.kind, n.value, h.value, p.value, $2 FROM event e
		JOIN site s USING (site_id)
		JOIN label n ON (n.site_id, n.label_id) = (e.site_id, e.name)
		LEFT JOIN label h ON (h.site_id, h.label_id) = (e.site_id, e.hostname)
		LEFT JOIN label p ON (p.site_id, p.label_id) = (e.site_id, e.path)
		LEFT JOIN label t ON (t.site_id, t.label_id) = (e.site_id, e.target)
		LEFT JOIN content c ON (c.site_id, c.content_id) = (e.site_id, e.content_id)
		WHERE s.domain = '$1' AND ${3:-true}"
}
# The visits of a site: what COLUMNS (SQL over their labels) says.
visits() { # DOMAIN COLUMN...
	local columns=() column
	for column in "${@:2}"; do
		case $column in
		channel | device | screen | auth | pageviews | events | interactive | engaged_ms) columns+=("v.$column") ;;
		*) columns+=("(SELECT value FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.$column))") ;;
		esac
	done
	q "SELECT $(IFS=,; echo "${columns[*]}") FROM visit v JOIN site s USING (site_id) WHERE s.domain = '$1' ORDER BY started_at, visit_id"
}
titles() { # DOMAIN: the titles that its pages were seen with
	q "SELECT p.value, t.title FROM page_title t JOIN site s USING (site_id)
		JOIN label p ON (p.site_id, p.label_id) = (t.site_id, t.path) WHERE s.domain = '$1' AND t.title <> '' ORDER BY 1" | paste -sd ' '
}
figures() { # DOMAIN METRICS DIMENSION: "value=1,2", sorted
	web_curl /api/v2/query -H "Authorization: Bearer $reader" -H 'Content-Type: application/json' -d "$(jq -nc --arg site "$1" --arg m "$2" --arg d "$3" \
		'{site_id: $site, metrics: ($m / ","), date_range: "day", dimensions: (if $d == "" then [] else [$d] end)}')" |
		jq -r '.results[]? | (.dimensions | join(",")) + "=" + (.metrics | map(tostring) | join(","))' | sort | paste -sd ' '
}
rows() { is "$1" "$(LC_ALL=C sort <<< "$2")" "$(LC_ALL=C sort <<< "$3")"; } # as is, in whatever order
kept="coalesce(e.props::text, '')"
money="coalesce(e.value_micros || e.currency, '')"

# ---- @plausible-analytics/tracker ----
is "@plausible-analytics/tracker hears 202 each time" "$(client plausible.mjs "$origin/api/event" p.example)" \
	'{"told":[202,202],"answers":[202,202,202,202,202,202,202,202]}'
drain
rows "its events, each with its properties, revenue and flags" "$(events p.example "$kept, $money, e.flags & 2")" "\
1|pageview|p.example|/blog/post|{\"author\": \"jane\"}||0
2|Play|p.example|/blog/post|{\"pct\": \"50\", \"video\": \"v42\", \"author\": \"jane\"}||2
2|Purchase|p.example|/blog/post|{\"author\": \"jane\"}|9990000USD|0
2|Outbound Link: Click|p.example|/blog/post|{\"url\": \"https://other.example/x\", \"author\": \"jane\"}||0
2|File Download|p.example|/blog/post|{\"url\": \"https://www.p.example/a.pdf\", \"author\": \"jane\"}||0
2|Form: Submission|p.example|/blog/post|{\"author\": \"jane\"}||0
3|engagement|p.example|/blog/post|{\"author\": \"jane\"}||2
1|pageview|p.example|/blog/next|{\"author\": \"jane\"}||0"
is "its engagement: depth, and about the time that went by" \
	"$(events p.example "e.scroll, e.engaged_ms BETWEEN 500 AND 30000" "e.kind = 3")" "3|engagement|p.example|/blog/post|50|t"
is "its visit: referrer, campaign, language, browser" "$(visits p.example referrer source utm_source utm_campaign language browser os pageviews events)" \
	"t.co/abc|Email|nl|spring|de-CH|Chrome|Windows|2|7"
is "in the figures: names" "$(figures p.example events event:name)" \
	"File Download=1 Form: Submission=1 Outbound Link: Click=1 Play=1 Purchase=1 pageview=2"
is "in the figures: pages" "$(figures p.example pageviews,visitors event:page)" "/blog/next=1,1 /blog/post=1,1"
like "in the figures: attention" "$(figures p.example engaged_time event:page)" '/blog/post=(0\.[5-9]|[1-9])'
is "in the figures: campaign" "$(figures p.example visits visit:utm_campaign)" "spring=1"

# ---- plausible-tracker ----
is "plausible-tracker ends well" "$(client plausible-tracker.cjs "$origin" t.example)" ""
drain
rows "its events: properties came as a string; hash mode keeps the fragment" "$(events t.example "$kept")" "\
1|pageview|t.example|/blog/next|
1|pageview|t.example|/blog/post#top|
1|pageview|t.example|/blog/post|
1|pageview|t.example|/blog/post|
2|Outbound Link: Click|t.example|/blog/post|{\"url\": \"https://other.example/x\"}
2|Signup|t.example|/blog/post|{\"n\": \"3\", \"ok\": \"true\", \"plan\": \"pro\"}"
is "its visit: the class of the width that it told" "$(visits t.example referrer utm_source screen browser)" "t.co/abc|nl|3|Chrome"
is "in the figures" "$(figures t.example pageviews,visitors event:page)" "/blog/next=1,1 /blog/post#top=1,1 /blog/post=2,1"

# ---- @barbapapazes/plausible-tracker ----
is "@barbapapazes/plausible-tracker hears 202" "$(client barbapapazes.mjs "$origin" b.example)" "[202,202]"
drain
rows "its events" "$(events b.example "$kept, $money")" "\
1|pageview|b.example|/blog/post||
2|Purchase|b.example|/blog/post|{\"sku\": \"A1\"}|12500000EUR"
is "its visit" "$(visits b.example referrer utm_source screen browser)" "t.co/abc|nl|3|Chrome"
is "in the figures" "$(figures b.example events,visitors event:name)" "Purchase=1,1 pageview=1,1"
is "without a browser's user agent (Node's own is \"node\") it hears 202 as well" "$(PLAIN_FETCH=1 client barbapapazes.mjs "$origin" n.example)" "[202,202]"
drain
rows "and is kept, marked as a library" "$(events n.example "$kept, $money, e.robot")" "\
1|pageview|n.example|/blog/post|||3
2|Purchase|n.example|/blog/post|{\"sku\": \"A1\"}|12500000EUR|3"
is "which is in no figure" "$(figures n.example events event:name)" ""
is "but that of robots" "$(figures n.example events event:robot)" "HTTP library=2"

# ---- @umami/node ----
website=$(q "SELECT public_id FROM site WHERE domain = 'u.example'")
ids=cache,sessionId,visitId
is "@umami/node hears what Umami says" "$(client umami.cjs "$origin" "$website" u.example)" \
	"[[200,\"$ids\"],[200,\"$ids\"],[200,\"$ids\"],[200,\"$ids\"],[200,\"$ids\"],[400,\"error\"]]"
drain
rows "its events" "$(events u.example "$kept, $money, e.flags & 2, e.measure_micros, e.robot")" "\
2|signup|||{\"n\": \"3\", \"plan\": \"pro\", \"address.city\": \"Bern\"}||0||0
2|identify|||{\"role\": \"editor\"}||2||0
1|pageview|u.example|/home|{\"tag\": \"v2\"}||0||0
2|buy|u.example|/home|{\"revenue\": \"12.5\", \"currency\": \"EUR\"}|12500000EUR|0||0
12|LCP|u.example|/home|||2|1250000000|0
12|CLS|u.example|/home|||2|120000|0"
rows "its visits: the server, and the visitor it spoke for" "$(visits u.example referrer utm_source language screen browser device)" "\
|||0||0
google.com|nl|de-CH|4|Chrome|1"
is "its titles" "$(titles u.example)" "/home|Home"
is "in the figures" "$(figures u.example events event:name)" "buy=1 identify=1 pageview=1 signup=1"
is "two visitors: the server, and the one it spoke for" "$(figures u.example visitors "")" "=2"

# ---- matomo-tracker ----
is "matomo-tracker hears what was tracked" "$(client matomo.cjs "$origin/matomo.php" "$(site_id m.example)" "$matomo_key")" \
	'{"errors":["400"],"said":[{"status":"success","tracked":8,"invalid":0},{"status":"error","tracked":0,"invalid":1},{"status":"success","tracked":1,"invalid":0}]}'
drain
rows "its page views" "$(events m.example "$kept, e.robot" "e.kind = 1")" "\
1|pageview|m.example|/a|{\"plan\": \"pro\", \"dimension1\": \"red\"}|0
1|pageview|m.example|/d||0
1|pageview|m.example|/server||0"
rows "its events, clicks, search, sale, content, media, attention and times" \
	"$(events m.example "t.value, $kept, $money, e.measure_micros" "e.kind <> 1")" "\
2|Video: play|m.example|/b|intro|{\"name\": \"intro\", \"value\": \"12\", \"action\": \"play\", \"category\": \"Video\"}||12000000
2|Outbound Link: Click|m.example|/b|https://other.example/x|{\"url\": \"https://other.example/x\"}||
2|File Download|m.example|/b|https://www.m.example/a.pdf|{\"url\": \"https://www.m.example/a.pdf\"}||
14|search|m.example|/b|red shoes|{\"category\": \"shop\"}||7000000
2|Purchase|m.example|/b||{\"order_id\": \"A1\"}|120500000EUR|
4|view|m.example|/b||{\"piece\": \"img.png\", \"target\": \"https://other.example/\"}||
9|progress|m.example|/b||||30000000
3|engagement|m.example|/b||||
12|server|m.example|/b||||100000000"
is "its titles" "$(titles m.example)" "/a|A"
is "its items" "$(q "SELECT kind, key, title FROM content JOIN site USING (site_id) WHERE domain = 'm.example' ORDER BY kind")" "\
content|Banner|Banner
video|https://www.m.example/v.mp4|Intro"
is "its media: length, position, and half of it watched" "$(events m.example "e.media_length_ms, e.media_position_ms, e.watched" "e.kind = 9")" \
	'9|progress|m.example|/b|60000|45000|\xffffffffffff03000000000000'
is "with a key: the viewer's own time, place and pseudonym" "$(q "SELECT v.auth, (SELECT value FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.country)),
	e.viewer IS NOT NULL, now() - e.ts BETWEEN '1 min' AND '4 min' FROM event e JOIN visit v ON (v.site_id, v.visit_id) = (e.site_id, e.visit_id)
	JOIN site s ON s.site_id = e.site_id WHERE s.domain = 'm.example' AND v.auth")" "t|CH|t|t"
is "its visits: referrer, campaign, language, screen, browser" "$(visits m.example referrer utm_campaign language screen browser auth | grep spring)" \
	"google.com|spring|de|3|Chrome|f"
is "in the figures: pages" "$(figures m.example pageviews event:page | tr ' ' '\n' | grep -v =0 | paste -sd ' ')" "/a=1 /d=1 /server=1"

# ---- GoatCounter ----
is "GoatCounter's clients hear what GoatCounter says" "$(client goatcounter.mjs "$origin" g.example "$goat_key")" \
	'{"said":[[200,"image/gif",43,null],[200,"image/gif",43,null],[200,"image/gif",43,null],[400,"image/gif",43,"not valid: path must be set"]],"api":[400,{"errors":{"1":"session: or both user_agent and ip must be set; or send no_sessions"}}]}'
drain
rows "its events" "$(events g.example "$kept, e.robot")" "\
1|pageview|g.example|/post||0
1|pageview|g.example|/robot||4
1|pageview|(none)|/server||0
2|bought||||0
2|click-buy|g.example||{\"title\": \"Buy\"}|0"
rows "its visits" "$(visits g.example referrer utm_campaign language screen country browser)" "\
google.com|spring|nl|4||Chrome
news.example||nl|2|NL|Chrome
|||0||"
is "its titles" "$(titles g.example)" "/post|Post /server|Server"
is "in the figures, without the robot" "$(figures g.example pageviews event:page | tr ' ' '\n' | grep -v =0 | paste -sd ' ')" "/post=1 /server=1"

is "nothing of all that was lost on the way" "$("$build/footfall" ledger > "$dir/ledger"; echo $?)" 0
is "no program complained" "$(grep -c ' error ' "$dir/log")" 0
finish
