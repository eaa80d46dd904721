-- Forgets a local day's figures by entry page and its host. $1: site, $2: day
WITH place AS MATERIALIZED (
    SELECT time_zone AS zone, $2::timestamp AT TIME ZONE time_zone - interval '3 hours' AS from_at,
        ($2::date + 1)::timestamp AT TIME ZONE time_zone + interval '3 hours' AS to_at
    FROM site WHERE site_id = $1::int
), hours AS (
    DELETE FROM rollup_hour r USING place
    WHERE r.site_id = $1::int AND r.dim IN (25, 27) AND r.bucket >= from_at AND r.bucket < to_at
        AND (r.bucket AT TIME ZONE zone)::date = $2::date
), unsettled AS (
    DELETE FROM rollup_unsettled WHERE site_id = $1::int AND bucket = $2::date
)
DELETE FROM rollup_day WHERE site_id = $1::int AND dim IN (25, 27) AND bucket = $2::date
