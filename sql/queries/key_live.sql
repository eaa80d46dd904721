-- The API keys that are good now. No parameters. -> id, token hash, site or null, scopes, when it expires
SELECT key_id, token_hash, site_id, scopes, expires_at
FROM api_key
WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
ORDER BY key_id
