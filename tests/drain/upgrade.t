#!/bin/bash
# What a database of version 1 holds of items and visits is kept by the upgrade, and by the way back.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
top=$FF_SRCDIR tap=0 failed=0
trap pg_stop EXIT
is() { # NAME GOT EXPECTED
	tap=$((tap + 1))
	if [ "$2" = "$3" ]; then echo "ok $tap - $1"; else echo "not ok $tap - $1"; failed=1; printf '# got: %s\n# expected: %s\n' "$2" "$3"; fi
}
sql() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }
migrate() { psql -X -q -v ON_ERROR_STOP=1 -1 -f "$top/sql/migrations/$1" >/dev/null; }
figures() { # DIMENSIONS
	sql "SELECT 'hour', site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
	         hll_cardinality(visitors) FROM rollup_hour WHERE dim IN ($1)
	     UNION ALL SELECT 'day', site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
	         hll_cardinality(visitors) FROM rollup_day WHERE dim IN ($1) ORDER BY 1, 2, 3, 4, 5"
}
export PGTZ=UTC
pg_start --no-migrate || exit 99
migrate 0001-foundation.up.sql
sql "INSERT INTO site (domain, name, secret) VALUES ('a.test', 'a', decode(repeat('00', 32), 'hex'));
     INSERT INTO content (site_id, kind, key, collection) VALUES (1, 'video', 'one', 'shelf'), (1, 'video', 'two', '');
     SELECT footfall_partition_make('2026-10-01');
     INSERT INTO content_counter VALUES (1, 1, '2026-10-01', 3, 4, 5);
     INSERT INTO rollup_hour (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
     SELECT '2026-10-01 10:00+00'::timestamptz + h * interval '1 hour', d % 2 + 1, (d < 2)::int * h, (d < 2)::int, (d < 2)::int * 2, d + 3, d + 4, d + 9, 100, 1, d,
         hll_add(hll_empty(14, 5, -1, 1), (h + d)::bigint::hll_hashval)
     FROM generate_series(0, 3) h, unnest(ARRAY[0, 1, 2]) d;
     INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
     SELECT bucket::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events),
         sum(engaged_ms), site_id, dim, hll_union_agg(visitors) FROM rollup_hour GROUP BY bucket::date, value, site_id, dim" >/dev/null
all=$(figures 0,1,2) rest=$(figures 0,1)
items=$(sql "SELECT bucket, value, pageviews, views, events, engaged_ms, hll_cardinality(visitors) FROM rollup_day WHERE dim = 2")

migrate 0002-facts.up.sql
is "figures that are not of items stay" "$(figures 0,1)" "$rest"
is "those of items move to their own tables" "$(sql "SELECT bucket, content_id, pageviews, views, events, engaged_ms,
    hll_cardinality(visitors) FROM content_day WHERE NOT auth")" "$items"
is "hour by hour" "$(sql "SELECT count(*), sum(views) FROM content_hour")" "4|24"
is "and leave the rollups" "$(figures 2)" ""
is "nobody was signed in" "$(figures 17 | sed 's/|17|/|0|/; s/^\(hour|1|0|[^|]*|\)[0-9]*/\11/; s/^\(day|1|0|[^|]*|\)[0-9]*/\11/')" "$(figures 0)"
is "days have tables of windows" "$(sql "SELECT to_regclass('content_window_20261001') IS NOT NULL")" t
is "counters stay, with nothing unique yet" "$(sql "SELECT views_day, views_month, views_total, uniques_total FROM content_counter")" "3|4|5|0"
is "collections become memberships" "$(sql "SELECT content_id, collection, until IS NULL FROM content_membership")" "1|shelf|t"
is "a day goes with all its tables" "$(sql "SELECT footfall_partition_drop('2026-10-01')" | grep -o '[a-z_]*_20261001' | tr '\n' ' ')" \
    "event_20261001 visit_20261001 content_window_20261001 "

migrate 0002-facts.down.sql
is "the way back restores everything" "$(figures 0,1,2,17)" "$all"
is "and the functions" "$(sql "SELECT footfall_partition_make('2026-10-02'), footfall_partition_drop('2026-10-02')" | cut -c 1-16)" "t|event_20261002"
migrate 0002-facts.up.sql
is "up again" "$(sql "SELECT sum(views) FROM content_day")" 24
echo "1..$tap"
exit $failed
