-- The history of tasks, newest first. $1: the only task, or null; $2: 1 for failed runs alone; $3: at most -> run, task, place, begun, ended, went well, what was done or the error
SELECT run_id, task, place, started_at, finished_at, ok, detail
FROM task_run
WHERE ($1::text IS NULL OR task = $1) AND ($2::bigint = 0 OR NOT ok)
ORDER BY run_id DESC
LIMIT $3
