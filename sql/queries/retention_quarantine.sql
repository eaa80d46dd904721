-- Forgets quarantined records after 14 days. No parameters. -> how many
WITH gone AS (DELETE FROM bad_record WHERE created_at < now() - interval '14 days' RETURNING 1)
SELECT count(*) FROM gone
