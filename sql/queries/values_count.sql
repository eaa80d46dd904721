-- How many values dimensions of days have. $1: int[] site ids, $2: smallint[] dimensions, $3: date[], $4: bigint[] a number for
-- each. -> that number, values
SELECT w.n, r.values
FROM unnest($1::int[], $2::smallint[], $3::date[], $4::bigint[]) AS w(site_id, dim, bucket, n)
CROSS JOIN LATERAL (
    SELECT count(*) AS values FROM rollup_day r WHERE r.site_id = w.site_id AND r.dim = w.dim AND r.bucket = w.bucket OFFSET 0
) AS r
