-- Weeks that are over for a day in their site's zone, hold figures, are not made, and whose days are all kept, the oldest
-- first. $1: now, $2: how many at most. -> site_id, Monday
SELECT s.site_id, w.bucket
FROM site s
CROSS JOIN LATERAL (
    SELECT DISTINCT date_trunc('week', r.bucket)::date AS bucket FROM rollup_day r WHERE r.site_id = s.site_id AND r.dim = 0
) AS w
WHERE w.bucket + interval '8 days' <= $1::timestamptz AT TIME ZONE s.time_zone
    AND NOT EXISTS (SELECT FROM rollup_week_made d WHERE d.site_id = s.site_id AND d.bucket = w.bucket)
    AND NOT EXISTS (SELECT FROM site_kept k WHERE k.site_id = s.site_id AND w.bucket < k.days_from)
ORDER BY w.bucket, s.site_id
LIMIT $2::int
