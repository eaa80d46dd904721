-- Makes the events of a purge's visits robots. $1: site, $2: purge
UPDATE event e SET robot = footfall_robot_purged(), purge_id = p.purge_id
FROM purge p
JOIN visit v ON v.site_id = p.site_id AND v.purge_id = p.purge_id AND v.day >= p.from_at::date - 1
    AND v.day <= p.to_at::date + 1
WHERE p.purge_id = $2::bigint AND p.site_id = $1::int
    AND (e.site_id, e.visitor, e.visit_id) = (v.site_id, v.visitor, v.visit_id)
    AND e.robot = 0 AND e.ts >= p.from_at AND e.ts < p.to_at + interval '2 days'
