-- A task failed: the next try waits twice as long each time, five minutes at most. $1: task; $2: place; $3: the error
INSERT INTO task (task, place, due_at, last_error, failures)
VALUES ($1, $2, now() + interval '2 seconds', $3, 1)
ON CONFLICT (task, place) DO UPDATE
SET due_at = now() + least(300, 2 ^ least(task.failures + 1, 9)) * interval '1 second',
    last_error = excluded.last_error,
    failures = task.failures + 1
