-- The history of a run. $1: task; $2: place; $3: begun; $4: went well; $5: what was done, or the error
INSERT INTO task_run (task, place, started_at, finished_at, ok, detail)
VALUES ($1, $2, least($3::timestamptz, now()), now(), $4, $5)
