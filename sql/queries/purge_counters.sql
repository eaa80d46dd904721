-- Takes a purge's views out of the items' counters, or puts them back. $1: site, $2: purge, $3: -1 or 1
UPDATE content_counter c SET
    views_day = c.views_day + $3::int * n.on_day,
    views_month = c.views_month + $3::int * n.in_month,
    views_total = c.views_total + $3::int * n.total
FROM (
    SELECT d.content_id, count(*) AS total, count(*) FILTER (WHERE d.day = k.day) AS on_day,
        count(*) FILTER (WHERE date_trunc('month', d.day) = date_trunc('month', k.day)) AS in_month
    FROM (
        SELECT e.content_id, (e.ts AT TIME ZONE s.time_zone)::date AS day
        FROM purge p
        JOIN site s USING (site_id)
        JOIN event e ON e.site_id = p.site_id AND e.purge_id = p.purge_id AND e.ts >= p.from_at
            AND e.ts < p.to_at + interval '2 days'
        WHERE p.purge_id = $2::bigint AND p.site_id = $1::int AND e.kind IN (1, 4) AND e.view_type <> 2
    ) d
    JOIN content_counter k ON k.site_id = $1::int AND k.content_id = d.content_id
    GROUP BY d.content_id
) n
WHERE c.site_id = $1::int AND c.content_id = n.content_id
