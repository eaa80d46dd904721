-- A run begins. $1: task; $2: place; $3: who holds it
INSERT INTO task (task, place, due_at, started_at, holder)
VALUES ($1, $2, now(), now(), $3)
ON CONFLICT (task, place) DO UPDATE SET started_at = excluded.started_at, holder = excluded.holder
