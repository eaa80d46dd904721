-- Lets the events of a purge count again. $1: site, $2: purge
UPDATE event e SET robot = 0
FROM purge p
WHERE p.purge_id = $2::bigint AND p.site_id = $1::int
    AND e.site_id = p.site_id AND e.purge_id = p.purge_id AND e.ts >= p.from_at AND e.ts < p.to_at + interval '2 days'
