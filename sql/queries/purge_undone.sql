-- Lets go of a purge's events and visits, which count again. $1: site, $2: purge
WITH p AS (
    UPDATE purge SET undone_at = now() WHERE site_id = $1::int AND purge_id = $2::bigint RETURNING *
), events AS (
    UPDATE event e SET purge_id = NULL FROM p
    WHERE e.site_id = p.site_id AND e.purge_id = p.purge_id AND e.ts >= p.from_at AND e.ts < p.to_at + interval '2 days'
), windows AS (
    UPDATE content_window w SET purge_id = NULL FROM p
    WHERE w.site_id = p.site_id AND w.purge_id = p.purge_id AND w.started_at >= p.from_at
        AND w.started_at < p.to_at + interval '2 days'
)
UPDATE visit v SET purge_id = NULL FROM p
WHERE v.site_id = p.site_id AND v.purge_id = p.purge_id AND v.day >= p.from_at::date - 1 AND v.day <= p.to_at::date + 1
