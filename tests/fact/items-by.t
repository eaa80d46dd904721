#!/bin/bash
# Views of items by country, device, source, channel, type and source of the view outlive the single events, and are what those
# said; what does not is still refused.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/run" "$work/state/spool"
touch "$work/run/salts"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1" || :
	[ "$2" = "$3" ] || diff <(echo "$3") <(echo "$2") | head -n 12 | sed 's/^/# /'
}
asked() { # METRICS DIMENSIONS FILTERS [RANGE] -> the answer's JSON
	local body='{"site_id":"a.test","metrics":['$1'],"date_range":['${4:-'"2026-09-20","2026-09-25"'}'],"dimensions":['$2'],"filters":['$3'],"pagination":{"limit":10000}}'
	printf '%s' "$body" | env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=POST REQUEST_URI=/api/v2/query "CONTENT_LENGTH=${#body}" \
		"HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" --conf "$work/conf" 2>> "$work/err" | sed '1,/^\r$/d'
}
# Rows with views, in no order.
rows() { asked '"views","unique_views"' "$@" | jq -r '(.error // empty), (.results[]? | select(.metrics[0] > 0) | "\(.dimensions) \(.metrics)")' | LC_ALL=C sort; }

make_sites
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-18'::date, '2026-10-02', '1 day') d" > /dev/null
key=$("$FF_BUILDDIR/footfall" --conf "$work/conf" key add reader)
spool seed=5 events=6000 span=250000 visitors=200 late=5
drain batch=1000 > "$work/out"
country=$(sql "SELECT value FROM visit JOIN label ON (label.site_id, label_id) = (visit.site_id, country) WHERE visit.site_id = 1 AND value <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
item=$(sql "SELECT kind || '/' || key FROM content JOIN content_counter USING (site_id, content_id) WHERE site_id = 1 ORDER BY views_total DESC LIMIT 1")
questions=(
	'|["is","content:item",["'$item'"]],["is","visit:country",["'$country'"]]'
	'"time:day"|["is","content:item",["'$item'"]],["is","visit:country",["'$country'"]]'
	'"content:item","visit:country"|'
	'"content:item","visit:device"|["is","visit:device",["Mobile","Desktop"]]'
	'"time:day","content:kind","visit:channel"|'
	'"content:item"|["is_not","visit:country",["'$country'"]]'
	'"content:collection","view:source"|'
	'"time:month","view:type"|["is","content:kind",["video"]]'
	'"visit:source"|["contains","content:item",["1"]]'
	'"content:item"|["or",[["is","visit:source",["Google"]],["is","content:kind",["image"]]]]'
)
before=()
for q in "${questions[@]}"; do before+=("$(rows "${q%%|*}" "${q#*|}")"); done
mine=$(sql "SELECT count(*), count(*) FILTER (WHERE footfall_flag_unique(flags)) FROM event e JOIN content c USING (site_id, content_id)
	LEFT JOIN visit v ON e.visit_id <> 0 AND (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id)
	JOIN label l ON l.site_id = 1 AND l.label_id = coalesce(v.country, e.traits[8])
	WHERE e.site_id = 1 AND robot = 0 AND footfall_kind_shows(e.kind) AND NOT footfall_type_listing(view_type)
	    AND c.kind || '/' || c.key = '$item' AND l.value = '$country'")
is "single events say what SQL says" "${before[0]}" "[] [${mine/|/,}]"
sql "SELECT footfall_partition_drop(d::date) FROM generate_series('2026-09-18'::date, '2026-09-26', '1 day') d" > /dev/null
for i in "${!questions[@]}"; do
	q=${questions[$i]}
	is "when they are gone, days say it: ${q//\"/}" "$(rows "${q%%|*}" "${q#*|}")" "${before[$i]}"
done
is "there were rows to compare" "$(for b in "${before[@]}"; do wc -l <<< "$b"; done | awk '$1 > 1 {n++} END {print n > 7}' && echo 8)" 8
refused() { # NAME METRICS DIMENSIONS FILTERS [RANGE]
	is "$1" "$(asked "${@:2}" | jq -r '.error' | grep -c 'needs\? single events')" 1
}
refused "visitors are not kept so" '"visitors"' '"content:item","visit:country"' ''
refused "nor are other figures beside views" '"views","events"' '"content:item","visit:country"' ''
refused "nor two dimensions" '"views"' '"content:item","visit:country","visit:device"' ''
refused "nor other dimensions" '"views"' '"content:item","visit:browser"' ''
refused "nor hours" '"views"' '"time:hour","content:item","visit:country"' ''
refused "nor parts of days" '"views"' '"content:item","visit:country"' '' '"2026-09-21T10:30:00Z","2026-09-22T10:30:00Z"'
sql "UPDATE site SET rolled_since = '2026-09-23' WHERE site_id = 1"
refused "nor days from before an upgrade" '"views"' '"content:item","visit:country"' ''
is "those behind it are answered" "$(asked '"views"' '"content:item","visit:country"' '' '"2026-09-23","2026-09-25"' | jq '.results | length > 10')" true
sql "INSERT INTO site_kept (site_id, days_from) VALUES (1, '2026-09-24')"
sql "INSERT INTO rollup_month_made (site_id, bucket) VALUES (1, '2026-09-01')"
is "days that are kept no longer are named" "$(asked '"views"' '"content:item","visit:country"' '' '"2026-09-23","2026-09-25"' | jq -r .error | grep -c 'Days are kept since 2026-09-24')" 1
plan
