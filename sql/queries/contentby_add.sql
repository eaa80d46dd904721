-- Adds a batch's views to the breakdowns of items by day. $1: int[] site ids, $2: bigint[] content ids, $3: date[] buckets,
-- $4: smallint[] dimensions, then bigint[]: $5 values, $6 views, $7 uniques. Keys must be distinct
INSERT INTO content_day_by AS r (site_id, content_id, bucket, dim, value, views, uniques)
SELECT w.site_id, w.content_id, w.bucket, w.dim, w.value, w.views, w.uniques
FROM unnest($1::int[], $2::bigint[], $3::date[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS w(site_id, content_id, bucket, dim, value, views, uniques)
ON CONFLICT (site_id, content_id, bucket, dim, value) DO UPDATE SET
    views = r.views + excluded.views,
    uniques = r.uniques + excluded.uniques
