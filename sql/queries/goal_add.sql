-- Adds a goal, or finds the one that means the same. $1: site, $2: name, $3: kind, $4: event name, $5: path, $6: scroll
-- or null, $7: currency or null, $8: goals that a site may have -> as goal_list, whether it is new; no row: the name is
-- another goal's, or there are too many
WITH same AS (
    SELECT goal_id, name, kind, event_name, path, scroll, currency FROM goal
    WHERE site_id = $1::int AND kind = $3::text AND event_name = $4::text AND path = $5::text
        AND scroll IS NOT DISTINCT FROM $6::smallint
    ORDER BY goal_id LIMIT 1
), added AS (
    INSERT INTO goal (site_id, name, kind, event_name, path, scroll, currency)
    SELECT $1::int, $2::text, $3::text, $4::text, $5::text, $6::smallint, $7::text
    WHERE NOT EXISTS (SELECT FROM same) AND (SELECT count(*) FROM goal WHERE site_id = $1::int) < $8::bigint
    ON CONFLICT (site_id, name) DO NOTHING
    RETURNING goal_id, name, kind, event_name, path, scroll, currency
)
SELECT *, true FROM added UNION ALL SELECT *, false FROM same
