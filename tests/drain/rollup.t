#!/bin/bash
# `footfall rollup`: what the drain wrote is what the raw rows say by other means; damage is found, exactly, and mended.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
rollup() { "$FF_BUILDDIR/footfall" --conf "$work/conf" rollup "$@" 2> "$work/err"; }
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
days="--from 2026-09-21 --to 2026-09-24"
wrong() { # SITE: tables with wrong rows, and how many
	rollup verify --site "$1" $days > "$work/out"
	awk 'NF == 3 && $2 + 0 == $2 && $3 > 0 { print $1, $3 }' "$work/out" | sort | paste -s -d, | sed 's/,/, /g'
}

make_sites
spool seed=11 events=6000 span=250000 visitors=300 late=10 repeats=3
drain batch=700 > "$work/out"
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-20'::date, '2026-10-02', '1 day') d" > /dev/null
[ "$(sql 'SELECT count(*) FROM rollup_unsettled')" -gt 0 ]
ok $? "late events moved entries"
"$lib/drainer" "$work/spool" batches=-1 settle=1 > /dev/null
for site in a b c; do
	is "site $site: all rows are right" "$(wrong $site.test)" ""
done
is "all five tables were looked at" "$(awk 'NF == 3 && $2 + 0 > 0 { print $1 }' "$work/out" | sort | tr '\n' ' ')" \
	"content_day content_day_by content_hour rollup_day rollup_hour "

before=$(sql "SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM (SELECT site_id, dim, bucket, value, visits, bounces, duration_s,
    pageviews, views, events, engaged_ms, hll_cardinality(visitors) FROM rollup_day WHERE (visits, events, engaged_ms) <> (0, 0, 0)) r")
sql "UPDATE rollup_hour SET pageviews = pageviews + 1 WHERE ctid IN (SELECT ctid FROM rollup_hour WHERE site_id = 1 AND dim IN (0, 1, 23) LIMIT 7)"
sql "DELETE FROM rollup_day WHERE ctid IN (SELECT ctid FROM rollup_day WHERE site_id = 1 AND dim = 24 AND bucket = '2026-09-22' AND visits > 0 LIMIT 2)"
sql "UPDATE rollup_day SET visitors = hll_empty(14, 5, -1, 1) WHERE site_id = 1 AND dim = 6 AND bucket = '2026-09-23' AND hll_cardinality(visitors) > 0"
lost=$(sql "SELECT count(*) FROM rollup_day WHERE site_id = 1 AND dim = 6 AND bucket = '2026-09-23' AND events > 0 AND hll_cardinality(visitors) = 0")
sql "UPDATE content_hour SET qualified = qualified + 1 WHERE ctid IN (SELECT ctid FROM content_hour WHERE site_id = 1 LIMIT 3)"
sql "INSERT INTO content_day_by (site_id, content_id, bucket, dim, value, views, uniques) VALUES (1, 1, '2026-09-22', 7, 99, 1, 0)"
sql "UPDATE content_day SET views = views - 1 WHERE ctid IN (SELECT ctid FROM content_day WHERE site_id = 1 AND views > 0 LIMIT 4)"
is "every damaged row is found, and no other" "$(wrong a.test)" \
	"content_day 4, content_day_by 1, content_hour 3, rollup_day $((lost + 2)), rollup_hour 7"
rollup verify --site a.test $days > /dev/null
is "which fails, and says what to do" "$? $(grep -c 'rollup rebuild' "$work/err")" "1 1"
grep -q 'dimension 7 value 99: raw rows say nothing, it says 1 views' "$work/out"
ok $? "it says what is wrong"
is "other sites are well" "$(wrong b.test)" ""
rollup rebuild --site a.test $days > "$work/out"
is "rebuilding mends it" "$? $(wrong a.test)" "0 "
is "to what it was" "$(sql "SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM (SELECT site_id, dim, bucket, value, visits, bounces,
    duration_s, pageviews, views, events, engaged_ms, hll_cardinality(visitors) FROM rollup_day
    WHERE (visits, events, engaged_ms) <> (0, 0, 0)) r")" "$before"
is "the audit has a line" "$(sql "SELECT action || ' ' || detail FROM audit")" "rollup.rebuild 2026-09-21..2026-09-24"
same 700
ok $? "all tables are what the model says"

"$lib/drainer" "$work/spool" batches=-1 months=1 now=$((start + 40 * 86400)) > /dev/null
is "a made month is right" "$(wrong a.test)" ""
sql "UPDATE rollup_month SET events = events + 1 WHERE site_id = 1 AND dim = 0"
is "and found where it is not" "$(wrong a.test)" "rollup_month 1"
rollup rebuild --site a.test --from 2026-09-22 --to 2026-09-22 > /dev/null
is "a day counted anew mends its month" "$(wrong a.test)" ""

sql "UPDATE site SET rolled_since = '2026-09-23' WHERE site_id = 1"
rollup verify --site a.test --from 2026-09-22
is "days from before an upgrade are refused, which is said" "$? $(grep -c 'complete from 2026-09-23 on (earlier ones are from before an upgrade.*--from cannot be earlier' "$work/err")" "2 1"
rollup rebuild --site a.test --from 2026-09-22
is "to be counted anew too" "$? $(grep -c 'complete from 2026-09-23 on (earlier ones are from before an upgrade' "$work/err")" "2 1"
rollup verify --site a.test --from 2026-09-23 --to 2026-09-23 > /dev/null
is "the first day behind it is not" "$?" 0
sql "UPDATE site SET rolled_since = current_date + 1 WHERE site_id = 1"
rollup verify --site a.test
is "on the day of the upgrade there is nothing to verify, which is no success" "$? $(grep -c 'before an upgrade.*there is no such day' "$work/err")" "1 1"
rollup verify
is "a site is wanted" "$? $(grep -c 'wants --site' "$work/err")" "2 1"
rollup verify --site nowhere.test
is "an unknown site is named" "$? $(grep -c nowhere.test "$work/err")" "1 1"
rollup rebuild --site a.test --from soon
is "a day is a day" "$? $(grep -c 'wants a day like' "$work/err")" "2 1"
plan
