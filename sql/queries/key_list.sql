-- All API keys, also those that are no longer good. No parameters. -> id, name, the site's domain or null, scopes, since, expires, revoked
SELECT k.key_id, k.name, s.domain, k.scopes, k.created_at, k.expires_at, k.revoked_at
FROM api_key k
LEFT JOIN site s USING (site_id)
ORDER BY k.key_id
