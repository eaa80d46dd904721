-- The password of a share link that is neither revoked nor expired. $1: token hash -> id, password hash or null
SELECT share_id, password_hash FROM share_link
WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
