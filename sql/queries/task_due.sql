-- Which of these tasks are due: never run, past their time, or with a time that only a clock since set back can have given them. $1: names; $2: the place of each; $3: the period of each in seconds -> name
SELECT wanted.task
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS wanted (task, place, period)
LEFT JOIN task USING (task, place)
WHERE task.due_at IS NULL OR task.due_at <= now()
    OR task.due_at > now() + CASE WHEN task.failures > 0 THEN 300 ELSE wanted.period END * interval '1 second'
