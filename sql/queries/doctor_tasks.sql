-- Tasks that are late or fail, for `footfall doctor`; one row named "footfall-cron" if none ever ran. -> task, failures in a row, last error
SELECT task, failures, last_error
FROM task
WHERE failures > 0 OR last_ok_at IS NULL OR due_at < now() - interval '1 hour'
UNION ALL
SELECT 'footfall-cron', 0, 'has never run'
WHERE NOT EXISTS (SELECT FROM task)
ORDER BY 1
