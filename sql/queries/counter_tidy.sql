-- Moves counters of past local days to today, where nothing was seen yet. Reading does not need it (an old day counts
-- as nothing today); it keeps the table true by itself. Rows that the drain holds are left for the next time.
-- $1: rows at most, $2: now (the programs' clock: what is today for those who read must be today here). -> how many
WITH old AS (
    SELECT c.site_id, c.content_id, ($2::timestamptz AT TIME ZONE s.time_zone)::date AS today
    FROM content_counter c
    JOIN site s USING (site_id)
    WHERE c.day < ($2::timestamptz AT TIME ZONE s.time_zone)::date
      AND (c.views_day <> 0 OR
           (c.views_month <> 0 AND c.day < date_trunc('month', $2::timestamptz AT TIME ZONE s.time_zone)::date))
    LIMIT $1
    FOR UPDATE OF c SKIP LOCKED),
moved AS (
    UPDATE content_counter c
    SET day = old.today,
        views_day = 0,
        uniques_day = 0,
        qualified_day = 0,
        views_month = CASE WHEN c.day >= date_trunc('month', old.today)::date THEN c.views_month ELSE 0 END,
        uniques_month = CASE WHEN c.day >= date_trunc('month', old.today)::date THEN c.uniques_month ELSE 0 END,
        qualified_month = CASE WHEN c.day >= date_trunc('month', old.today)::date THEN c.qualified_month ELSE 0 END
    FROM old
    WHERE c.site_id = old.site_id AND c.content_id = old.content_id
    RETURNING 1)
SELECT count(*) FROM moved
