-- How the tasks of footfall-cron stand, for /metrics. No parameters. -> task, place, failures in a row, last success (null:
-- never), seconds that it is late
SELECT task, place, failures, last_ok_at, greatest(0, floor(extract(epoch FROM now() - due_at)))::bigint
FROM task
ORDER BY 1, 2
