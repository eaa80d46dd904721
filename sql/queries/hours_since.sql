-- The first hour and the first day that a site has figures of. $1: site_id -> timestamptz, date; null where there are none
SELECT (SELECT bucket FROM rollup_hour WHERE site_id = $1 AND dim = 0 ORDER BY bucket LIMIT 1),
    (SELECT bucket FROM rollup_day WHERE site_id = $1 AND dim = 0 ORDER BY bucket LIMIT 1)
