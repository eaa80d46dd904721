-- Forgets failed sign-ins that no limit looks at any more. No parameters. -> how many
WITH gone AS (DELETE FROM login_failure WHERE failed_at < now() - interval '1 day' RETURNING 1)
SELECT count(*) FROM gone
