-- An API key that is neither revoked nor expired. $1: token hash -> id, site or null, scopes
SELECT key_id, site_id, scopes FROM api_key
WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
