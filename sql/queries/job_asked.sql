-- How it went with an ask. $1: task; $2: its number -> asked, taken up, place, ended (null: not yet), went well, what was done or the error, expired
SELECT a.asked_at, a.started_at, a.place, r.finished_at, r.ok, r.detail,
    a.run_id IS NULL AND a.asked_at <= now() - interval '1 hour'
FROM task_ask a
LEFT JOIN task_run r USING (run_id)
WHERE a.task = $1 AND a.ask_id = $2
