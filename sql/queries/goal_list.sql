-- A site's goals. $1: site -> id, name, kind, event name, path, scroll or null, currency or null
SELECT goal_id, name, kind, event_name, path, scroll, currency FROM goal WHERE site_id = $1::int ORDER BY goal_id
