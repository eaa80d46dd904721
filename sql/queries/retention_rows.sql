-- Deletes a site's rows of one UTC day. $1: site, $2: day. -> events, visits, windows deleted
WITH e AS (
    DELETE FROM event WHERE site_id = $1::int AND ts >= $2::date::timestamp AT TIME ZONE 'UTC'
        AND ts < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
    RETURNING 1),
v AS (DELETE FROM visit WHERE site_id = $1::int AND day = $2::date RETURNING 1),
w AS (
    DELETE FROM content_window WHERE site_id = $1::int AND started_at >= $2::date::timestamp AT TIME ZONE 'UTC'
        AND started_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
    RETURNING 1),
told AS (DELETE FROM day_told WHERE site_id = $1::int AND day = $2::date),
gone AS (UPDATE site_kept SET raw_gone = greatest(raw_gone, $2::date + 1) WHERE site_id = $1::int)
SELECT (SELECT count(*) FROM e), (SELECT count(*) FROM v), (SELECT count(*) FROM w)
