-- Forgets segments long drained. A host that was away must find its finished segments still known, or it would
-- drain them again: hence a whole quarter. No parameters. -> how many
WITH gone AS (DELETE FROM spool_position WHERE finished AND updated_at < now() - interval '90 days' RETURNING 1)
SELECT count(*) FROM gone
