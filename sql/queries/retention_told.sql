-- Forgets client ids and days of old events, a day after no retry counts any more. No parameters. -> how many
WITH ids AS (DELETE FROM event_told WHERE told_at < now() - interval '2 days' RETURNING 1),
days AS (DELETE FROM day_told WHERE told_at < now() - interval '2 days')
SELECT count(*) FROM ids
