-- Rows that found no table of their day and sit in DEFAULT, where they should have one. $1: the first day that has. -> table,
-- day, rows
SELECT 'event', (ts AT TIME ZONE 'UTC')::date AS day, count(*) FROM event_default
WHERE ts >= $1::date::timestamp AT TIME ZONE 'UTC' GROUP BY day
UNION ALL
SELECT 'visit', day, count(*) FROM visit_default WHERE day >= $1::date GROUP BY day
UNION ALL
SELECT 'content_window', (started_at AT TIME ZONE 'UTC')::date AS day, count(*) FROM content_window_default
WHERE started_at >= $1::date::timestamp AT TIME ZONE 'UTC' GROUP BY day
ORDER BY day
LIMIT 100
