-- Revokes an API key. $1: key_id -> site or null, name; no row if there is none, or if it was revoked before
UPDATE api_key SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL RETURNING site_id, name
