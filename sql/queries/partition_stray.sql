-- Rows that found no table of their day and sit in DEFAULT. No parameters. -> table, day, rows
SELECT 'event', (ts AT TIME ZONE 'UTC')::date AS day, count(*) FROM event_default GROUP BY day
UNION ALL
SELECT 'visit', day, count(*) FROM visit_default GROUP BY day
ORDER BY day
LIMIT 100
