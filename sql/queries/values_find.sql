-- Which values a dimension of a day has. $1: site, $2: dimension, $3: day, $4: bigint[] values. -> place in the array from 1
SELECT w.n
FROM unnest($4::bigint[]) WITH ORDINALITY AS w(value, n)
JOIN rollup_day r ON r.site_id = $1::int AND r.dim = $2::smallint AND r.bucket = $3::date AND r.value = w.value
