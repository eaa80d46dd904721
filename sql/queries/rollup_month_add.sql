-- Adds a batch's sums to months that are made. $1: int[] site ids, $2: smallint[] dimensions, $3: date[] buckets, $4: bigint[]
-- values, then bigint[]: $5 visits, $6 bounces, $7 duration_s, $8 pageviews, $9 views, $10 events, $11 engaged_ms;
-- $12: bytea[] sketches of visitors. Keys must be distinct
INSERT INTO rollup_month AS r (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events,
    engaged_ms, visitors)
SELECT w.site_id, w.dim, w.bucket, w.value, w.visits, w.bounces, w.duration_s, w.pageviews, w.views, w.events,
    w.engaged_ms, w.visitors::hll
FROM unnest($1::int[], $2::smallint[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[])
    AS w(site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, visitors)
ON CONFLICT (site_id, dim, bucket, value) DO UPDATE SET
    visits = r.visits + excluded.visits,
    bounces = r.bounces + excluded.bounces,
    duration_s = r.duration_s + excluded.duration_s,
    pageviews = r.pageviews + excluded.pageviews,
    views = r.views + excluded.views,
    events = r.events + excluded.events,
    engaged_ms = r.engaged_ms + excluded.engaged_ms,
    visitors = CASE WHEN hll_type(excluded.visitors) <> 1 THEN hll_union(r.visitors, excluded.visitors)
        ELSE r.visitors END
