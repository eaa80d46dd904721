-- Forgets a month's figures; not of a made one whose days the site keeps no longer (they are nowhere else): this, month_make and
-- contentmonth_make then do nothing. $1: site, $2: first day
WITH whole AS MATERIALIZED (
    SELECT NOT EXISTS (SELECT FROM rollup_month_made m JOIN site_kept k USING (site_id)
        WHERE m.site_id = $1::int AND m.bucket = $2::date AND k.days_from > m.bucket) AS yes
), items AS (
    DELETE FROM content_month WHERE site_id = $1::int AND bucket = $2::date AND (SELECT yes FROM whole)
)
DELETE FROM rollup_month WHERE site_id = $1::int AND bucket = $2::date AND (SELECT yes FROM whole)
