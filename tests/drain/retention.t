#!/bin/bash
# How long what is kept, by site: the drain writes only grains that are kept, the task deletes what is older, and nothing else.
# What must be there is worked out from a copy of everything and from boundaries that Python finds.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/drain/lib.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
trap 'rm -rf "$cron_dir" "$work"' EXIT
tool() { "$FF_BUILDDIR/footfall" "$@"; }
figures="rollup_hour rollup_day content_hour content_day content_day_by"
copy() { for t in "$@"; do q "DROP TABLE IF EXISTS all_$t; CREATE TABLE all_$t AS TABLE $t"; done; }
# Rows of TABLE that differ from those of its copy for which WHERE holds (b: the copy), both ways.
differ() { # TABLE WHERE
	q "SELECT count(*) FROM ((SELECT a::text FROM $1 a EXCEPT ALL SELECT b::text FROM all_$1 b WHERE $2)
		UNION ALL (SELECT b::text FROM all_$1 b WHERE $2 EXCEPT ALL SELECT a::text FROM $1 a)) x"
}
# The instant and the date at which a zone's local day of `now - DAYS` begins.
begin() { # ZONE NOW DAYS
	python3 - "$@" <<'P'
import sys, datetime, zoneinfo
zone, now, days = zoneinfo.ZoneInfo(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
day = datetime.datetime.fromtimestamp(now - days * 86400, zone).date()
print(datetime.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(datetime.timezone.utc).isoformat(), day)
P
}

# The drain: hours of the last 20 days, of site 3 the last 5; days of the last 30, but for months that are not held.
now=$start
from=$((start - 60 * 86400))
make_sites
spool seed=7 events=6000 visitors=300 start=$from span=$((60 * 86400))
drain batch=1000 > "$work/out"
copy $figures
empty
rm -rf "$work/spool"
make_sites
q "UPDATE site SET retention_hours = 5 WHERE site_id = 3"
q "INSERT INTO rollup_month_made SELECT 1, m FROM unnest('{2026-08-01,2026-09-01}'::date[]) m"
spool seed=7 events=6000 visitors=300 start=$from span=$((60 * 86400))
ok "a history of 60 days drains" drain raw=604800 hours=$((20 * 86400)) days=$((30 * 86400)) batch=1000
read -r at1 day1 <<< "$(begin Europe/Berlin $now 20)"
read -r at2 day2 <<< "$(begin America/St_Johns $now 20)"
read -r at3 day3 <<< "$(begin Asia/Kathmandu $now 5)"
read -r _ days <<< "$(begin Europe/Berlin $now 30)"
kept="(b.site_id = 1 AND b.bucket >= '$at1' OR b.site_id = 2 AND b.bucket >= '$at2' OR b.site_id = 3 AND b.bucket >= '$at3')"
# Labels and items have the same numbers both times: the same records in the same order.
is "hours older than retention.hours are not written, all others are exact" "$(differ rollup_hour "$kept")" 0
is "nor are those of items" "$(differ content_hour "$kept")" 0
is "days that a month holds are not written, all others are" \
	"$(differ rollup_day "b.site_id <> 1 OR b.bucket < '2026-08-01' OR b.bucket >= '$days'")" 0
is "nor are those of items" "$(differ content_day "b.site_id <> 1 OR b.bucket < '2026-08-01' OR b.bucket >= '$days'")" 0
is "nor those by dimension" "$(differ content_day_by "b.site_id <> 1 OR b.bucket < '2026-08-01' OR b.bucket >= '$days'")" 0
is "it is remembered since when each site keeps what" \
	"$(q "SELECT string_agg(concat_ws(' ', site_id, raw_from, hours_from = ('{$at1,$at2,$at3}'::timestamptz[])[site_id]), ',' ORDER BY site_id)
		FROM site_kept")" "1 2026-09-14 t,2 2026-09-14 t,3 2026-09-14 t"

# The task: three sites that keep their rows for 7 (as footfall.conf says), 3 and 10 days.
empty
rm -rf "$work"/*
now=$(date +%s)
from=$((now - 20 * 86400))
make_sites
is "days may be 30d" "$(tool site set b.test retention_raw 3d > /dev/null && tool site show b.test | grep retention_raw)" "retention_raw      3d"
like "or default" "$(tool site set b.test retention_hours default)" 'retention_hours = default'
for bad in 0d 1h "3 d" ten 99999d; do
	like "but not $bad" "$(tool site set b.test retention_raw "$bad" 2>&1)" 'retention_raw must be whole days within 1d\.\.3660d, or default'
done
tool site set c.test retention_raw 10d > /dev/null
tool site set a.test retention_hours 5d > /dev/null
tool site set a.test retention_days 8d > /dev/null
"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=8 events=8000 visitors=200 start=$from span=$((20 * 86400))
drain > "$work/out"
copy $figures event visit content_window
utc() { python3 -c "import datetime as d; print(d.datetime.fromtimestamp($now - $1 * 86400, d.timezone.utc).date())"; }
ok "the task succeeds" cron run retention
rows="('{$(utc 7),$(utc 3),$(utc 10)}'::date[])[b.site_id]"
is "each site has the events of its days" "$(differ event "(b.ts AT TIME ZONE 'UTC')::date >= $rows")" 0
is "and the visits" "$(differ visit "b.day >= $rows")" 0
is "and the windows" "$(differ content_window "(b.started_at AT TIME ZONE 'UTC')::date >= $rows")" 0
is "tables of days that no site keeps are gone" \
	"$(q "SELECT min(relname) FROM pg_class WHERE relname ~ '^event_[0-9]{8}$'")" "event_$(utc 10 | tr -d -)"
read -r at1 _ <<< "$(begin Europe/Berlin $now 5)"
is "hours of a site that keeps them for 5 days are gone" "$(differ rollup_hour "b.site_id <> 1 OR b.bucket >= '$at1'")" 0
is "those of its items too" "$(differ content_hour "b.site_id <> 1 OR b.bucket >= '$at1'")" 0
is "its days stay while no month holds them" "$(differ rollup_day true)" 0
since() { psql -X -q -At -c "$(sed "s/\$1/$1/" "$FF_SRCDIR/sql/queries/raw_since.sql")"; }
is "single rows answer since the day after the first kept one" "$(since 1) $(since 2) $(since 3)" "$(utc 6) $(utc 2) $(utc 9)"
cron run retention
like "a second run finds nothing" "$(q "SELECT detail FROM task_run WHERE task = 'retention' ORDER BY run_id DESC LIMIT 1")" '^nothing was old enough$'

# Months that hold the days; rows that come later than their site keeps them.
q "INSERT INTO rollup_month_made SELECT DISTINCT site_id, date_trunc('month', bucket::timestamp)::date FROM rollup_day"
copy $figures event
q "INSERT INTO event SELECT ts, gen_random_uuid(), 0, 0, NULL, NULL, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, NULL, NULL
	FROM unnest(ARRAY['$(utc 6) 12:00+00', '$(utc 5) 12:00+00']::timestamptz[]) ts;
	INSERT INTO day_told VALUES (2, '$(utc 6)', now() - interval '25 hours'), (2, '$(utc 5)', now() - interval '1 hour')"
cron run retention
read -r _ days <<< "$(begin Europe/Berlin $now 8)"
is "days that a month holds are gone" "$(differ rollup_day "b.site_id <> 1 OR b.bucket >= '$days'")" 0
is "and those of items" "$(differ content_day "b.site_id <> 1 OR b.bucket >= '$days'")" 0
is "and those by dimension" "$(differ content_day_by "b.site_id <> 1 OR b.bucket >= '$days'")" 0
is "rows that came late are deleted a day after" \
	"$(q "SELECT count(*), min((ts AT TIME ZONE 'UTC')::date) FROM event WHERE site_id = 2 AND (ts AT TIME ZONE 'UTC')::date < '$(utc 3)'")" "1|$(utc 5)"
like "the history says so" "$(q "SELECT detail FROM task_run WHERE task = 'retention' ORDER BY run_id DESC LIMIT 1")" \
	'deleted 1 events, 0 visits and 0 windows of sites that keep them no longer; deleted [0-9]+ figures by the day'

# Questions hear since when there are answers.
key=$("$FF_BUILDDIR/tests/room/make_key" 1 stats:read)
ask() { # DATE_RANGE DIMENSION
	local body='{"site_id":"a.test","metrics":["events"],"date_range":'$1',"dimensions":["'$2'"]}'
	printf '%s' "$body" | env -i REQUEST_METHOD=POST REQUEST_URI=/api/v2/query "CONTENT_LENGTH=${#body}" CONTENT_TYPE=application/json \
	    "HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log" | sed '1,/^\r$/d'
}
read -r _ hours <<< "$(begin Europe/Berlin $now 5)"
local_day() { begin Europe/Berlin $now "$1" | cut -d' ' -f2; }
like "figures by the hour that are gone are refused" "$(ask "[\"$(local_day 7)\",\"$(local_day 6)\"]" time:hour)" \
	"Hours are kept since $hours: "
unlike "those that are kept are answered" "$(ask "[\"$(local_day 4)\",\"$(local_day 2)\"]" time:hour)" '"error"'
like "figures by the day that are gone are refused" "$(ask "[\"$(local_day 11)\",\"$(local_day 6)\"]" visit:country)" \
	"Days are kept since $days: "
unlike "those that are kept are answered" "$(ask "[\"$(local_day 7)\",\"$(local_day 6)\"]" visit:country)" '"error"'

# A longer retention asks for nothing that is gone.
tool site set b.test retention_raw 30d > /dev/null
tool site set a.test retention_hours default > /dev/null
cron run retention
is "what was given up stays given up" "$(since 2) $(q "SELECT hours_from = '$at1' FROM site_kept WHERE site_id = 1")" "$(utc 2) t"
finish
