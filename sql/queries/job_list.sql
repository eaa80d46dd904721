-- Tasks as they stand, one row a place. $1: the only one, or null -> task, serves all hosts, period, timeout, what it does, place, due, last success, failures in a row, last error, running, begun, holder, asked for
SELECT k.task, k.everywhere, k.period_s, k.timeout_s, k.help, t.place, t.due_at, t.last_ok_at, coalesce(t.failures, 0),
    coalesce(t.last_error, ''), l.running, t.started_at, coalesce(t.holder, ''),
    EXISTS (SELECT FROM task_ask a WHERE a.task = k.task AND a.started_at IS NULL AND a.asked_at > now() - interval '1 hour')
FROM task_known k
LEFT JOIN task t USING (task)
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32 | objid::bigint) = hashtextextended('footfall task ' || k.task || ' ' || coalesce(t.place, ''), 0))) AS l (running)
WHERE $1::text IS NULL OR k.task = $1
ORDER BY k.task, t.place
