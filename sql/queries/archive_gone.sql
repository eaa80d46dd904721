-- A day's rows are no longer in the tables. $1: site, null for all, $2: day
WITH r AS (DELETE FROM raw_restored WHERE day = $2::date AND ($1::int IS NULL OR site_id = $1::int))
UPDATE archived SET gone = true WHERE day = $2::date AND ($1::int IS NULL OR site_id = $1::int) AND NOT gone
