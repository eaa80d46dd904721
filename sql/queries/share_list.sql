-- Share links, also those that are no longer good. $1: site or null for all -> id, name, domain, since, expires,
-- revoked, whether a password is asked for
SELECT share_id, l.name, s.domain, l.created_at, expires_at, revoked_at, password_hash IS NOT NULL
FROM share_link l JOIN site s USING (site_id)
WHERE $1::int IS NULL OR l.site_id = $1::int
ORDER BY share_id
