-- Which of these tasks are due: asked for, never run, past their time, or with a time that only a clock since set back can have given them. $1: names; $2: the place of each; $3: the period of each in seconds; $4: 1 where only an ask makes it due -> name, asked for
SELECT wanted.task, asked
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS wanted (task, place, period, rests)
LEFT JOIN task USING (task, place)
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM task_ask a
    WHERE a.task = wanted.task AND a.run_id IS NULL AND a.asked_at > now() - interval '1 hour'
        AND (a.started_at IS NULL OR a.place = wanted.place))) AS l (asked)
WHERE asked OR wanted.rests = 0 AND (task.due_at IS NULL OR task.due_at <= now()
        OR task.due_at > now() + CASE WHEN task.failures > 0 THEN 300 ELSE wanted.period END * interval '1 second')
