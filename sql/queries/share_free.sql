-- Makes room for a new link of a name that an expired one still holds. $1: site, $2: name
UPDATE share_link SET revoked_at = expires_at
WHERE site_id = $1::int AND name = $2 AND revoked_at IS NULL AND expires_at <= now()
