-- The local days that a purge's visits, events and windows stand in. $1: site, $2: purge -> days
WITH p AS MATERIALIZED (
    SELECT p.*, s.time_zone FROM purge p JOIN site s USING (site_id) WHERE p.site_id = $1::int AND p.purge_id = $2::bigint
)
SELECT DISTINCT (x.at AT TIME ZONE time_zone)::date AS day
FROM p, LATERAL (
    SELECT e.ts AS at FROM event e
    WHERE e.site_id = p.site_id AND e.purge_id = p.purge_id AND e.ts >= p.from_at AND e.ts < p.to_at + interval '2 days'
    UNION ALL SELECT v.started_at FROM visit v
    WHERE v.site_id = p.site_id AND v.purge_id = p.purge_id AND v.day >= p.from_at::date - 1 AND v.day <= p.to_at::date + 1
    UNION ALL SELECT w.started_at FROM content_window w
    WHERE w.site_id = p.site_id AND w.purge_id = p.purge_id AND w.started_at >= p.from_at
        AND w.started_at < p.to_at + interval '2 days'
) x
ORDER BY day
