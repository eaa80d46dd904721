-- Writes down the tasks that there are. $1: names; $2: 1 where one run serves all hosts; $3: periods; $4: timeouts; $5: what they do
WITH known AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS k (task, everywhere, period_s, timeout_s, help)),
gone AS (DELETE FROM task_known WHERE task <> ALL ($1::text[]))
INSERT INTO task_known (task, everywhere, period_s, timeout_s, help)
SELECT task, everywhere <> 0, period_s, timeout_s, help FROM known
ON CONFLICT (task) DO UPDATE
SET everywhere = excluded.everywhere, period_s = excluded.period_s, timeout_s = excluded.timeout_s, help = excluded.help
