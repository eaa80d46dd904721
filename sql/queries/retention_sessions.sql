-- Forgets sessions past their end. $1: seconds a session may be idle. -> how many
WITH gone AS (
    DELETE FROM admin_session
    WHERE expires_at < now() OR seen_at < now() - $1::bigint * interval '1 second'
    RETURNING 1)
SELECT count(*) FROM gone
