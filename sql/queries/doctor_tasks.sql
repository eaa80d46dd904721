-- Tasks that are late or fail, for `footfall doctor`; one row named "footfall-cron" if none ever ran. Each round drains, so that
-- the drain is late soon, unless it is at work. -> task, failures in a row, last error
SELECT task, failures,
       CASE WHEN failures > 0 THEN last_error
            ELSE 'is late, last went well ' || coalesce(to_char(last_ok_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'never') END
FROM task
WHERE failures > 0 OR last_ok_at IS NULL OR due_at < now() - interval '1 hour'
   OR task = 'drain' AND greatest(last_ok_at, (SELECT max(updated_at) FROM spool_position)) < now() - interval '10 minutes'
UNION ALL
SELECT 'footfall-cron', 0, 'has never run'
WHERE NOT EXISTS (SELECT FROM task)
ORDER BY 1
