-- Which of these tasks are due: never run, or past their time. $1: names; $2: the place of each. -> name
SELECT wanted.task
FROM unnest($1::text[], $2::text[]) AS wanted (task, place)
LEFT JOIN task USING (task, place)
WHERE task.due_at IS NULL OR task.due_at <= now()
