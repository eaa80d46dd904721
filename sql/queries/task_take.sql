-- Takes the asks that the run which begins will answer. $1: task; $2: place -> their numbers
UPDATE task_ask SET started_at = now(), place = $2
WHERE task = $1 AND run_id IS NULL AND asked_at > now() - interval '1 hour' AND (started_at IS NULL OR place = $2)
RETURNING ask_id
