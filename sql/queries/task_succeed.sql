-- A task went well. $1: task; $2: place; $3: period in seconds: due at its next multiple, so that a run a little late does not push the following ones; 0 = due at once
INSERT INTO task (task, place, due_at, last_ok_at)
VALUES ($1, $2, to_timestamp((floor(extract(epoch FROM now()) / greatest($3::bigint, 1)) + ($3::bigint > 0)::int) * greatest($3::bigint, 1)), now())
ON CONFLICT (task, place) DO UPDATE
SET due_at = excluded.due_at, last_ok_at = excluded.last_ok_at, last_error = '', failures = 0
