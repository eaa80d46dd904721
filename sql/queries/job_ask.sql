-- Asks for a run of a task, or joins one that waits already; old asks are forgotten. $1: task; $2: who asks -> number, joined
WITH old AS (DELETE FROM task_ask WHERE asked_at < now() - interval '7 days')
INSERT INTO task_ask (task, actor) VALUES ($1, $2)
ON CONFLICT (task) WHERE started_at IS NULL DO UPDATE SET asked_at = now()
RETURNING ask_id, xmax <> 0
