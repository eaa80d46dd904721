-- Takes a purge's views and windows out of the items' counters, or puts them back; a counter of the day or the month that was
-- set back by hand holds nothing of what came before, so it loses and gets nothing of it. $1: site, $2: purge, $3: -1 or 1
WITH p AS MATERIALIZED (
    SELECT s.time_zone, p.from_at, p.to_at + interval '2 days' AS to_at
    FROM purge p JOIN site s USING (site_id) WHERE p.site_id = $1::int AND p.purge_id = $2::bigint
)
UPDATE content_counter c SET
    views_day = c.views_day + $3::int * n.views_day,
    views_month = c.views_month + $3::int * n.views_month,
    views_total = c.views_total + $3::int * n.views,
    uniques_day = c.uniques_day + $3::int * n.uniques_day,
    uniques_month = c.uniques_month + $3::int * n.uniques_month,
    uniques_total = c.uniques_total + $3::int * n.uniques,
    qualified_day = c.qualified_day + $3::int * n.qualified_day,
    qualified_month = c.qualified_month + $3::int * n.qualified_month,
    qualified_total = c.qualified_total + $3::int * n.qualified
FROM (
    SELECT d.content_id, sum(views) AS views, sum(uniques) AS uniques, sum(qualified) AS qualified,
        coalesce(sum(views) FILTER (WHERE in_day), 0) AS views_day,
        coalesce(sum(views) FILTER (WHERE in_month), 0) AS views_month,
        coalesce(sum(uniques) FILTER (WHERE in_day), 0) AS uniques_day,
        coalesce(sum(uniques) FILTER (WHERE in_month), 0) AS uniques_month,
        coalesce(sum(qualified) FILTER (WHERE in_day), 0) AS qualified_day,
        coalesce(sum(qualified) FILTER (WHERE in_month), 0) AS qualified_month
    FROM (
        SELECT e.content_id, e.ts AS at, (footfall_kind_shows(e.kind) AND NOT footfall_type_listing(e.view_type))::int AS views,
            footfall_flag_unique(e.flags)::int AS uniques, 0 AS qualified
        FROM p JOIN event e ON e.site_id = $1::int AND e.purge_id = $2::bigint AND e.ts >= p.from_at AND e.ts < p.to_at
        WHERE e.content_id IS NOT NULL
        UNION ALL
        SELECT w.content_id, w.started_at, 0, 0, w.qualified::int
        FROM p JOIN content_window w ON w.site_id = $1::int AND w.purge_id = $2::bigint AND w.started_at >= p.from_at
            AND w.started_at < p.to_at
    ) d
    CROSS JOIN p
    JOIN content_counter k ON k.site_id = $1::int AND k.content_id = d.content_id
    CROSS JOIN LATERAL (SELECT (d.at AT TIME ZONE p.time_zone)::date AS day) l
    CROSS JOIN LATERAL (SELECT
        l.day = k.day AND d.at >= coalesce(k.day_reset_at, '-infinity') AS in_day,
        date_trunc('month', l.day) = date_trunc('month', k.day) AND d.at >= coalesce(k.month_reset_at, '-infinity') AS in_month) i
    GROUP BY d.content_id
) n
WHERE c.site_id = $1::int AND c.content_id = n.content_id
