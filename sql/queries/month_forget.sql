-- Forgets a month's figures. $1: site, $2: first day
WITH items AS (
    DELETE FROM content_month WHERE site_id = $1::int AND bucket = $2::date
)
DELETE FROM rollup_month WHERE site_id = $1::int AND bucket = $2::date
