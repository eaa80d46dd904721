-- Adds a batch's sums to the days. $1: int[] site ids, $2: smallint[] dimensions, $3: date[] buckets, $4: bigint[]
-- values, then bigint[]: $5 visits, $6 bounces, $7 duration_s, $8 pageviews, $9 views, $10 events, $11 engaged_ms;
-- $12: bytea[] sketches of visitors. Keys must be distinct
MERGE INTO rollup_day AS r
USING
    (SELECT unnest($1::int[]) AS site_id, unnest($2::smallint[]) AS dim, unnest($3::date[]) AS bucket,
    unnest($4::bigint[]) AS value, unnest($5::bigint[]) AS visits, unnest($6::bigint[]) AS bounces,
    unnest($7::bigint[]) AS duration_s, unnest($8::bigint[]) AS pageviews, unnest($9::bigint[]) AS views,
    unnest($10::bigint[]) AS events, unnest($11::bigint[]) AS engaged_ms, unnest($12::bytea[]) AS visitors) AS w
ON r.site_id = w.site_id AND r.dim = w.dim AND r.bucket = w.bucket AND r.value = w.value
WHEN MATCHED THEN UPDATE SET
    visits = r.visits + w.visits,
    bounces = r.bounces + w.bounces,
    duration_s = r.duration_s + w.duration_s,
    pageviews = r.pageviews + w.pageviews,
    views = r.views + w.views,
    events = r.events + w.events,
    engaged_ms = r.engaged_ms + w.engaged_ms,
    visitors = CASE WHEN octet_length(w.visitors) > 3 THEN hll_union(r.visitors, w.visitors::hll) ELSE r.visitors END
WHEN NOT MATCHED THEN INSERT
    (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, visitors)
VALUES
    (w.site_id, w.dim, w.bucket, w.value, w.visits, w.bounces, w.duration_s, w.pageviews, w.views, w.events,
    w.engaged_ms, w.visitors::hll)
