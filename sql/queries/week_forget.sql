-- Forgets a week's figures. $1: site, $2: its Monday
WITH items AS (
    DELETE FROM content_week WHERE site_id = $1::int AND bucket = $2::date
)
DELETE FROM rollup_week
WHERE site_id = $1::int AND dim = ANY (ARRAY(SELECT generate_series(0, 63))::smallint[]) AND bucket = $2::date
