#!/bin/bash
# Months are made of their days when they are over; what comes later is added to them too.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
start=1790550000 # 2026-09-27 23:00 UTC
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
made() { sql "SELECT string_agg(site_id || ' ' || bucket, ', ' ORDER BY bucket, site_id) FROM rollup_month_made"; }

make_sites
spool seed=3 events=3000 visitors=200 span=500000 late=5
now=$((start + 500000)) # 3 October
drain batch=1000 months=1 >"$work/out"
is "only what is over for a day is made" "$(made)" "1 2026-09-01, 2 2026-09-01, 3 2026-09-01"
same 1000
ok $? "a month is the sum of its days"

rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1,2,3 seed=4 events=2000 visitors=200 start=$start span=500000 late=5
drain batch=1000 >"$work/out"
same 1000
ok $? "late events are added to it"

now=$((start + 4000000)) # November
drain months=1 >"$work/out"
is "the next one follows" "$(made)" "1 2026-09-01, 2 2026-09-01, 3 2026-09-01, 1 2026-10-01, 2 2026-10-01, 3 2026-10-01"
same 1000
ok $? "each month is the sum of its own days"
drain months=1 >"$work/out"
same 1000
ok $? "nothing is made twice"

# A month whose days are kept no longer is all that is left of them, whatever asks for it to be made anew.
again() { # SITE MONTH
	local name
	for name in month_forget month_make contentmonth_make month_record; do
		sed "s/\$1/$1/g; s/\$2/'$2'/g" "$top/sql/queries/$name.sql" | psql -X -q -v ON_ERROR_STOP=1 > /dev/null || return
	done
}
held() { sql "SELECT md5(string_agg(r::text, ' ' ORDER BY r::text)) FROM (
	SELECT site_id, bucket, dim, value, visits, events, views, hll_cardinality(visitors) FROM rollup_month
	UNION ALL SELECT site_id, bucket, content_id, auth::int, pageviews, events, views, hll_cardinality(visitors) FROM content_month) r"; }
before=$(held)
again 1 2026-09-01
is "made anew, a month is as it was" "$(held)" "$before"
sql "INSERT INTO site_kept (site_id, days_from) VALUES (1, '2026-09-29')"
sql "DELETE FROM rollup_day WHERE site_id = 1 AND bucket < '2026-09-29'"
sql "DELETE FROM content_day WHERE site_id = 1 AND bucket < '2026-09-29'"
again 1 2026-09-01
is "but not of the days that are left" "$(held)" "$before"
sql "UPDATE rollup_day SET events = events + 7 WHERE site_id = 1 AND dim = 0 AND bucket = '2026-10-02'"
again 1 2026-10-01
is "other months of the site are made anew" "$(sql "SELECT m.events = d.events FROM rollup_month m,
    (SELECT sum(events) AS events FROM rollup_day WHERE site_id = 1 AND dim = 0 AND bucket >= '2026-10-01') d
    WHERE m.site_id = 1 AND dim = 0 AND bucket = '2026-10-01'")" t

# ---- weeks: they repeat their days, and are taken back with them ----
weeks() { sql "SELECT string_agg(DISTINCT bucket::text, ', ' ORDER BY bucket::text) FROM rollup_week_made $1"; }
holds() { psql -X -q -At -f "$FF_SRCDIR/tests/lib/invariants.sql" | grep -c week; }
empty
rm -rf "$work"/*
make_sites
start=1789340400 # Sunday, 2026-09-13 23:00 UTC: Monday in Berlin and Kathmandu, Sunday in Newfoundland
spool seed=5 events=4000 visitors=300 span=1300000 late=5
now=$((start + 1200000)) # Sunday, the 27th: a week is over
drain batch=1000 weeks=1 >"$work/out"
is "weeks are made once they are over for a day" "$(weeks 'WHERE site_id = 1')" "2026-09-14"
is "they are the sums of their days" "$(holds)" 0
is "not of nothing" "$(sql "SELECT count(*) > 50 FROM rollup_week")" t
sql "UPDATE rollup_week SET views = views + 1 WHERE site_id = 1 AND dim = 3"
is "else it would be seen" "$([ "$(holds)" -gt 0 ] && echo yes)" yes
rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1 seed=6 events=300 visitors=50 start=$((start + 200000)) span=100000 late=5
drain batch=1000 >"$work/out"
is "late events take their week back, where they are" "$(weeks 'WHERE site_id = 1') $(weeks 'WHERE site_id = 3')" " 2026-09-14"
drain weeks=1 >"$work/out"
is "it is made anew" "$(weeks 'WHERE site_id = 1') $(holds)" "2026-09-14 0"
now=$((start + 86400 * 40))
drain weeks=1 >"$work/out"
is "each week follows" "$(weeks 'WHERE site_id = 1') $(holds)" "2026-09-14, 2026-09-21, 2026-09-28 0"
plan
