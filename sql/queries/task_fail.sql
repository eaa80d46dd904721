-- A task failed: the next try waits twice as long each time, five minutes at most, less up to a quarter by chance, so that what failed together does not come back together. $1: task; $2: place; $3: the error
INSERT INTO task (task, place, due_at, last_error, failures)
VALUES ($1, $2, now() + (2 - random() / 2) * interval '1 second', $3, 1)
ON CONFLICT (task, place) DO UPDATE
SET due_at = now() + least(300, 2 ^ least(task.failures + 1, 9)) * (1 - random() / 4) * interval '1 second',
    last_error = excluded.last_error,
    failures = task.failures + 1
