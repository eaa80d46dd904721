#!/bin/bash
# R12: the days on which seven zones change their clocks, lose a day or have odd offsets: each event stands in exactly one
# bucket of rollups and answers, and the sums are those of an independent count by Python's zoneinfo.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
stats=
trap '[ -z "$stats" ] || kill $stats; rm -rf "$work"' EXIT
seed=${FF_SEED:-$RANDOM}
events=$([ -n "${FF_LONG:-}" ] && echo 20000 || echo 1200)
now=$(date -u -d 2027-01-01 +%s)

sql "INSERT INTO site (domain, name, time_zone, secret)
     SELECT lower(split_part(z, '/', 2)) || '.test', z, z, decode(repeat('00', 32), 'hex')
     FROM unnest('{Europe/Berlin,America/St_Johns,Australia/Lord_Howe,Asia/Kathmandu,Pacific/Apia,Africa/Casablanca,America/Havana}'::text[]) z"
[ "$(sql "SELECT string_agg(time_zone, ' ' ORDER BY site_id) FROM site")" = \
	"Europe/Berlin America/St_Johns Australia/Lord_Howe Asia/Kathmandu Pacific/Apia Africa/Casablanca America/Havana" ]
ok $? "seven sites in seven zones (seed $seed)"

# 42 hours around each change, in UTC; every zone sees each of them.
changes="2011-12-30T10:00 2026-03-29T01:00 2026-10-25T01:00 2026-03-08T05:15 2026-11-01T04:45
	2026-04-04T15:00 2026-10-03T15:30 2026-02-15T02:00 2026-03-22T02:00 2026-09-21T13:00"
n=0
for change in $(tr ' ' '\n' <<<"$changes" | sort); do
	n=$((n + 1))
	"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3,4,5,6,7 seed=$((seed + n)) events=$events visitors=150 pause=200 late=5 \
		start=$(($(date -u -d "$change" +%s) - 75600)) span=151200 || { ok 1 "mkspool"; plan; }
done
drain batch=1000 >"$work/out" 2>&1
ok $? "$n days drain: $(tail -n 1 "$work/out")"
same 1000
ok $? "rollups by hour and day are those of zoneinfo, each event in one of them"

mkdir -p "$work/state/spool" "$work/run"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" >"$work/conf"
chmod 640 "$work/conf"
key=$("$FF_BUILDDIR/footfall" --conf "$work/conf" key add days)
"$FF_BUILDDIR/footfall-stats.fcgi" --conf "$work/conf" --listen "$work/run/stats.sock" 2>"$work/log" &
stats=$!
for _ in $(seq 100); do [ -S "$work/run/stats.sock" ] && break; sleep 0.05; done
python3 "$top/tests/lib/days.py" "$work/run/stats.sock" "$key" "$work/ledger" >"$work/days"
code=$?
sed 's/^/# /' "$work/days"
ok $code "answers by hour and by day have the same sums"
plan
