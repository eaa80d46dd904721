-- A share link that is neither revoked nor expired, by its own text or by that of a pass. $1: token hash -> id, site,
-- name, whether a password is asked for first
SELECT share_id, site_id, name, password_hash IS NOT NULL FROM share_link
WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
UNION ALL
SELECT share_id, site_id, name, false FROM share_pass p JOIN share_link l USING (share_id)
WHERE p.token_hash = $1 AND p.expires_at > now() AND revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > now())
