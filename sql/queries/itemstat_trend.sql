-- An item's days, empty ones too. $1 site_id, $2 content_id, $3 first day, $4 last day. -> day; raw, unique and qualified views
SELECT d::date, coalesce(c.views, 0), coalesce(c.uniques, 0), coalesce(c.qualified, 0)
FROM generate_series($3::date, $4::date, interval '1 day') d,
LATERAL (SELECT sum(views) AS views, sum(uniques) AS uniques, sum(qualified) AS qualified FROM content_day
    WHERE site_id = $1 AND bucket = d::date AND content_id = $2) c
ORDER BY d
