-- Marks the windows that a purge's events began: they count no more. $1: site, $2: purge
UPDATE content_window w SET purge_id = p.purge_id
FROM purge p
JOIN event e ON e.site_id = p.site_id AND e.purge_id = p.purge_id AND e.ts >= p.from_at AND e.ts < p.to_at + interval '2 days'
    AND footfall_flag_unique(e.flags)
WHERE p.purge_id = $2::bigint AND p.site_id = $1::int AND w.site_id = p.site_id AND w.event_id = e.event_id
    AND w.started_at = e.ts AND w.content_id = e.content_id AND w.started_at >= p.from_at
    AND w.started_at < p.to_at + interval '2 days' AND w.purge_id IS NULL
