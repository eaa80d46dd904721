-- A session was used just now. $1: token hash
UPDATE admin_session SET seen_at = now() WHERE token_hash = $1
