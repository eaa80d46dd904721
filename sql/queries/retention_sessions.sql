-- Forgets sessions past their end, and passes of share links. $1: seconds a session may be idle. -> how many sessions
WITH gone AS (
    DELETE FROM admin_session
    WHERE expires_at < now() OR seen_at < now() - $1::bigint * interval '1 second'
    RETURNING 1), passes AS (
    DELETE FROM share_pass WHERE expires_at < now())
SELECT count(*) FROM gone
