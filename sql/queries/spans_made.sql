-- The months and weeks within a range whose own figures are made. $1: site_id, $2: first day, $3: the day behind the last, $4:
-- are months asked for, $5: are weeks -> is it a month, its first day, the day behind it; the earlier first
SELECT true, bucket, (bucket + interval '1 month')::date
FROM rollup_month_made WHERE $4::boolean AND site_id = $1::int AND bucket >= $2::date AND bucket + interval '1 month' <= $3::date
UNION ALL
SELECT false, bucket, bucket + 7
FROM rollup_week_made WHERE $5::boolean AND site_id = $1::int AND bucket >= $2::date AND bucket + 7 <= $3::date
ORDER BY 2
