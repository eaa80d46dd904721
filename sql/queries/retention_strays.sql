-- Deletes rows of days before $1 from the DEFAULT tables, a day after the last of their site and day came; some at a time. Sites
-- that want an archive have their own way (retention_due).
-- -> events, visits, windows deleted
WITH fresh AS MATERIALIZED (SELECT site_id, day FROM day_told WHERE told_at > now() - interval '1 day'),
e AS (DELETE FROM event_default WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM event_default
    WHERE ts < $1::date::timestamp AT TIME ZONE 'UTC'
        AND (site_id, (ts AT TIME ZONE 'UTC')::date) NOT IN (SELECT site_id, day FROM fresh)
        AND site_id NOT IN (SELECT site_id FROM site WHERE archive)
    LIMIT 50000)) RETURNING 1),
v AS (DELETE FROM visit_default WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM visit_default WHERE day < $1::date AND (site_id, day) NOT IN (SELECT site_id, day FROM fresh)
        AND site_id NOT IN (SELECT site_id FROM site WHERE archive)
    LIMIT 50000)) RETURNING 1),
w AS (DELETE FROM content_window_default WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM content_window_default
    WHERE started_at < $1::date::timestamp AT TIME ZONE 'UTC'
        AND (site_id, (started_at AT TIME ZONE 'UTC')::date) NOT IN (SELECT site_id, day FROM fresh)
        AND site_id NOT IN (SELECT site_id FROM site WHERE archive)
    LIMIT 50000)) RETURNING 1)
SELECT (SELECT count(*) FROM e), (SELECT count(*) FROM v), (SELECT count(*) FROM w)
