-- Months that are over for a day in their site's zone, hold figures and are not made, the oldest first. $1: now, $2: how many at
-- most. -> site_id, first day
SELECT s.site_id, m.bucket
FROM site s
CROSS JOIN LATERAL (
    SELECT DISTINCT date_trunc('month', r.bucket)::date AS bucket FROM rollup_day r WHERE r.site_id = s.site_id AND r.dim = 0
) AS m
WHERE m.bucket + interval '1 month 1 day' <= $1::timestamptz AT TIME ZONE s.time_zone
    AND NOT EXISTS (SELECT FROM rollup_month_made d WHERE d.site_id = s.site_id AND d.bucket = m.bucket)
ORDER BY m.bucket, s.site_id
LIMIT $2::int
