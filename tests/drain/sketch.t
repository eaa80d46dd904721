#!/bin/bash
# Sketches written by the drain are, byte for byte, those that hll builds from the same values.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT

built="SELECT e.site_id, d.dim, d.value, (e.ts AT TIME ZONE s.time_zone)::date AS bucket,
    hll_add_agg(e.visitor::hll_hashval, 14, 5, -1, 1) AS visitors, count(DISTINCT e.visitor) AS n
    FROM event e JOIN site s USING (site_id) CROSS JOIN LATERAL (VALUES (0, 0), (15, e.name), (1, e.path)) d(dim, value)
    WHERE e.robot = 0 AND e.kind NOT IN (3, 9, 12, 13) AND e.visitor <> 0 GROUP BY 1, 2, 3, 4"
count() { # CONDITION: sketches of both origins for which it holds
	sql "SELECT count(*) FROM ($built) b JOIN rollup_day r USING (site_id, dim, value, bucket) WHERE $1"
}

make_sites
spool seed=7 events=60000 visitors=60000 span=3000 plain=1
drain batch=100000 >/dev/null
all=$(count true)
[ "$all" -gt 1000 ]
ok $? "$all sketches"
[ "$(count "r.visitors::text = b.visitors::text")" = "$all" ]
ok $? "in one batch they are the bytes that hll makes"
for type in 2:explicit 3:sparse 4:full; do
	[ "$(count "hll_type(r.visitors) = ${type%:*}")" -gt 0 ]
	ok $? "some are ${type#*:}"
done
[ "$(count "n <= 1280 AND hll_cardinality(r.visitors) <> n")" = 0 ]
ok $? "small sets are exact"
[ "$(count "abs(hll_cardinality(r.visitors) - n) > 0.03 * n")" = 0 ]
ok $? "large sets are within three percent"

empty
rm -rf "$work"/*
make_sites
spool seed=7 events=60000 visitors=60000 span=3000 plain=1
drain batch=7001 >/dev/null
[ "$(count "hll_cardinality(r.visitors) = hll_cardinality(b.visitors)")" = "$(count true)" ]
ok $? "united over many batches they count the same"
plan
