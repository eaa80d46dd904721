#!/bin/bash
# From made-up traffic through spool and drain to answers: rollups equal the single rows, and the answers that come from
# rollups equal those that come from single rows.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
top=$(cd "${FF_SRCDIR:-.}" && pwd)
build=$(cd "${FF_BUILDDIR:-.}" && pwd)
zone=America/St_Johns # half an hour off, and summer time

dir=$(mktemp -d) || exit 99
cleanup() {
	pg_stop
	rm -rf "${dir:?}"
}
trap cleanup EXIT
pg_start || exit 99
mkdir -p "$dir/state/spool" "$dir/run"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\nretention.raw = 365d\n' "$FF_TEST_DB" "$dir" "$dir" >"$dir/conf"
chmod 640 "$dir/conf"
tool() { "$build/footfall" --conf "$dir/conf" "$@" 2>>"$dir/log"; }
cron() { "$build/footfall-cron" --conf "$dir/conf" run "$@" 2>>"$dir/log"; }

tool site add example.com --zone $zone >/dev/null || { cat "$dir/log"; exit 99; }
cron salts && cron partitions && cron snapshot
tool demo --site example.com --days 12 --visitors 120 --no-wait >/dev/null
ok "the drain takes it all" cron drain
key=$("$build/tests/room/make_key" 1 stats:read)
query() {
	printf '%s' "$1" | env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD=POST REQUEST_URI=/api/v2/query "CONTENT_LENGTH=${#1}" CONTENT_TYPE=application/json \
	    "HTTP_AUTHORIZATION=Bearer $key" "$build/footfall-stats.fcgi" --conf "$dir/conf" 2>>"$dir/log" | sed '1,/^\r$/d'
}

rows=$(psql -XAtF' ' -v zone=$zone -f "$top/tests/room/figures.sql" | grep -E '^(day|hour) ')
ok "there is something to compare" test "$(wc -l <<<"$rows")" -ge 24
while read -r step dim n extra missing differ; do
	is "dimension $dim by $step: $n rows" "$extra $missing $differ" "0 0 0"
done <<<"$rows"

# The country with most visits, by pages, items, and browsers: single rows; summed up they are the rollup's.
first=$(psql -XAtc "SELECT min(bucket) + 2 FROM rollup_day") last=$(psql -XAtc "SELECT max(bucket) - 1 FROM rollup_day")
base='"site_id":"example.com","date_range":["'$first'","'$last'"]'
sum() { sed 's/,"meta".*//' | grep -o '"metrics":\[[0-9.]*' | grep -o '[0-9.]*$' | awk '{ n += $1 } END { print n + 0 }'; }
top_of=$(query "{$base,\"metrics\":[\"visits\"],\"dimensions\":[\"visit:country\"],\"pagination\":{\"limit\":1}}")
country=$(sed -n 's/.*"dimensions":\["\([A-Z][A-Z]\)"\]}.*"meta".*/\1/p' <<<"$top_of")
like "a country leads" "$country" '^[A-Z][A-Z]$'
own='"filters":[["is","visit:country",["'$country'"]]]'
for metric in pageviews events; do
	want=$(query "{$base,\"metrics\":[\"$metric\"],$own}" | sum)
	for dimension in visit:browser visit:source event:name time:day time:hour; do
		is "$metric of $country by $dimension" "$(query "{$base,\"metrics\":[\"$metric\"],\"dimensions\":[\"$dimension\"],$own}" | sum)" "$want"
	done
done
want=$(query "{$base,\"metrics\":[\"visits\"],$own}" | sum)
is "visits of $country" "$(sum <<<"$top_of")" "$want"
for dimension in visit:browser visit:device time:week; do
	is "visits of $country by $dimension" "$(query "{$base,\"metrics\":[\"visits\"],\"dimensions\":[\"$dimension\"],$own}" | sum)" "$want"
done
finish
