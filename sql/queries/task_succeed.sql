-- A task went well. $1: task; $2: place; $3: period in seconds: due at its next multiple and a part of it (a tenth, five minutes at most) that name and place decide, so that a run a little late does not push the following ones, and not all tasks and hosts wake at once; 0 = due at once
INSERT INTO task (task, place, due_at, last_ok_at)
SELECT $1, $2, CASE WHEN $3::bigint = 0 THEN now()
    ELSE to_timestamp((floor((extract(epoch FROM now()) - part) / $3::bigint) + 1) * $3::bigint + part) END, now()
FROM (SELECT (hashtextextended($1 || ' ' || $2, 1) & 1023) * least($3::bigint / 10.0, 300) / 1024 AS part) AS p
ON CONFLICT (task, place) DO UPDATE
SET due_at = excluded.due_at, last_ok_at = excluded.last_ok_at, last_error = '', failures = 0
