-- Tasks that are late or fail, for `footfall doctor`. -> task, seconds since the last success (null: never), failures in a row, last error
SELECT task, extract(epoch FROM now() - last_ok_at)::bigint, failures, last_error
FROM task
WHERE failures > 0 OR last_ok_at IS NULL OR due_at < now() - interval '1 hour'
ORDER BY task
