-- The history of a run, and the answer to whoever asked for it. $1: task; $2: place; $3: begun; $4: went well; $5: what was done, or the error
WITH run AS (
    INSERT INTO task_run (task, place, started_at, finished_at, ok, detail)
    VALUES ($1, $2, least($3::timestamptz, now()), now(), $4, $5)
    RETURNING run_id)
UPDATE task_ask SET run_id = run.run_id
FROM run
WHERE task = $1 AND place = $2 AND started_at IS NOT NULL AND task_ask.run_id IS NULL
