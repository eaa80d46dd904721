-- Keeps the last 1000 runs of each task that went well, and the last 1000 that did not. No parameters. -> how many were forgotten
WITH ranked AS (
    SELECT run_id, row_number() OVER (PARTITION BY task, place, ok ORDER BY run_id DESC) AS rank FROM task_run),
gone AS (DELETE FROM task_run USING ranked WHERE task_run.run_id = ranked.run_id AND rank > 1000 RETURNING 1)
SELECT count(*) FROM gone
