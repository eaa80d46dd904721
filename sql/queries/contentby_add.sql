-- Adds a batch's views to the breakdowns of items by day. $1: int[] site ids, $2: bigint[] content ids, $3: date[] buckets,
-- $4: smallint[] dimensions, then bigint[]: $5 values, $6 views, $7 uniques. Keys must be distinct
MERGE INTO content_day_by AS r
USING
    (SELECT unnest($1::int[]) AS site_id, unnest($2::bigint[]) AS content_id, unnest($3::date[]) AS bucket,
    unnest($4::smallint[]) AS dim, unnest($5::bigint[]) AS value, unnest($6::bigint[]) AS views, unnest($7::bigint[])
    AS uniques) AS w
ON r.site_id = w.site_id AND r.content_id = w.content_id AND r.bucket = w.bucket AND r.dim = w.dim AND r.value = w.value
WHEN MATCHED THEN UPDATE SET views = r.views + w.views, uniques = r.uniques + w.uniques
WHEN NOT MATCHED THEN INSERT (site_id, content_id, bucket, dim, value, views, uniques)
VALUES (w.site_id, w.content_id, w.bucket, w.dim, w.value, w.views, w.uniques)
