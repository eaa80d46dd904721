-- A site's share link of a name that is good now. $1: site, $2: name -> id, salt, token hash
SELECT share_id, salt, token_hash FROM share_link
WHERE site_id = $1::int AND name = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
