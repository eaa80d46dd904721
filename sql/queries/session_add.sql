-- A session begins. $1: token hash, $2: account, $3: CSRF token, $4: seconds it may last at most. Ended ones go.
WITH gone AS (DELETE FROM admin_session WHERE expires_at <= now())
INSERT INTO admin_session (token_hash, account_id, csrf, expires_at)
VALUES ($1, $2, $3, now() + $4::bigint * interval '1 second')
