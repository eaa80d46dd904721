#!/bin/bash
# Counters that were set back by hand hold nothing of what came before: a purge of that takes nothing out of them, its undo
# puts nothing back.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
trap 'rm -rf "$work"' EXIT
clock_begin "$work"
mkdir -p "$work/run" "$work/state/spool"
touch "$work/run/salts"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
footfall() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall" --conf "$work/conf" "$@" 2> "$work/err"; }
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1" || :
	[ "$2" = "$3" ] || diff <(echo "$3") <(echo "$2") | head -n 12 | sed 's/^/# /'
}
asked() { # METHOD PATH BODY
	printf '%s' "$3" | env -i LD_PRELOAD="${CLOCKED[1]#*=}" "${CLOCKED[2]}" FOOTFALL_STATS_CACHE=0 REQUEST_METHOD="$1" "REQUEST_URI=$2" \
		"CONTENT_LENGTH=${#3}" "HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" --conf "$work/conf" 2>> "$work/err"
}
reset() { # WHAT SECONDS -> how many were reset at that instant
	clock_at "@$2"
	asked POST "/api/analytics/reset/$1" '{"site":"1"}' | grep -o '"reset":[0-9]*'
}
# What the rows say of the items of site 1: views, unique and qualified ones of all; views and unique ones of the month and of
# the day, only those that came after the last resets.
counted() { # MONTH-RESET DAY-RESET
	sql "SELECT content_id, sum(v), sum(u), sum(q), coalesce(sum(v) FILTER (WHERE at >= $1), 0),
	         coalesce(sum(u) FILTER (WHERE at >= $1), 0), coalesce(sum(v) FILTER (WHERE at >= $2), 0),
	         coalesce(sum(u) FILTER (WHERE at >= $2), 0)
	     FROM (
	         SELECT content_id, extract(epoch FROM ts) AS at, 1 AS v, footfall_flag_unique(flags)::int AS u, 0 AS q
	         FROM event WHERE site_id = 1 AND robot = 0 AND content_id IS NOT NULL AND footfall_kind_shows(kind)
	             AND NOT footfall_type_listing(view_type)
	         UNION ALL SELECT content_id, extract(epoch FROM started_at), 0, 0, qualified::int
	         FROM content_window WHERE site_id = 1 AND purge_id IS NULL) x
	     GROUP BY 1 HAVING sum(v) > 0 ORDER BY 1"
}
counters() {
	sql "SELECT content_id, views_total, uniques_total, qualified_total, views_month, uniques_month, views_day, uniques_day
	     FROM content_counter WHERE site_id = 1 AND views_total > 0 ORDER BY 1"
}
# A view from before a reset that qualifies after it counts as qualified: the rows cannot tell, but a purge takes what came after.
qualified() { sql "SELECT sum(qualified_month), sum(qualified_day) FROM content_counter WHERE site_id = 1"; }
windows() { # CONDITION, MONTH-RESET, DAY-RESET
	sql "SELECT count(*) FILTER (WHERE at >= $2), count(*) FILTER (WHERE at >= $3)
	     FROM (SELECT extract(epoch FROM started_at) AS at FROM content_window WHERE site_id = 1 AND qualified AND $1) w"
}
seen() { sql "SELECT count(*) FROM content_counter WHERE site_id = 1 AND views_$1 + uniques_$1 + qualified_$1 > 0"; }
more() { # SEED: two hours behind those before
	rm -rf "$work/spool"
	"$lib/mkspool" "$work/spool" "$work/ledger$1" sites=1 start=$from seed="$1" events=1500 span=6000 visitors=80
	drain > "$work/out"
	from=$((from + 7200))
}

make_sites
key=$("$FF_BUILDDIR/footfall" --conf "$work/conf" key add all --scopes stats:read,content:write)
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-20'::date, '2026-09-23', '1 day') d" > /dev/null
from=$start
now=$((start + 30000))
more 1
is "before any reset, counters are what the rows say" "$(counters)" "$(counted 0 0)"
month=$((start + 6600)) day=$((start + 13800)) again=$((start + 21000))
due=$(seen month)
is "the month is set back" "$(reset monthly $month)" "\"reset\":$due"
more 2
due=$(seen day)
is "and later the day" "$(reset daily $day)" "\"reset\":$due"
more 3
before=$(counters) full=$(qualified)
is "what came after each counts" "$before" "$(counted $month $day)"
clock_at "@$now"
footfall purge --site a.test --rule 'page=/*1' --from 2026-09-20 --apply > "$work/out"
is "a purge took something" "$(grep -c '^[1-9][0-9]* visits with ' "$work/out")" 1
is "and what came before a reset only from the totals" "$(counters)" "$(counted $month $day)"
IFS='|' read -r all_month all_day gone_month gone_day <<< "$full|$(windows 'purge_id IS NOT NULL' $month $day)"
is "of qualified views too" "$(qualified)" "$((all_month - gone_month))|$((all_day - gone_day))"
is "no counter is below 0" "$(sql "SELECT count(*) FROM content_counter
    WHERE least(views_day, uniques_day, qualified_day, views_month, uniques_month, qualified_month) < 0")" 0
footfall purge --undo 1 > /dev/null
is "undone, all is as it was" "$(counters) $(qualified)" "$before $full"

footfall purge --site a.test --rule 'page=*' --from 2026-09-20 --apply > /dev/null
is "of all visits, none is left" "$(counters)" "$(counted $month $day)"
due=$(seen day)
is "a reset between a purge and its undo" "$(reset daily $again)" "\"reset\":$due"
clock_at "@$now"
footfall purge --undo 2 > /dev/null
is "holds for what comes back" "$(counters)" "$(counted $month $again)"
is "so it does of qualified views" "$(sql "SELECT sum(qualified_day) FROM content_counter WHERE site_id = 1")" "$(windows true $month $again | cut -d'|' -f2)"
plan
