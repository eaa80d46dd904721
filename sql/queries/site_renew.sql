-- A site's new secret. $1: site_id; $2: secret, 32 bytes
UPDATE site SET secret = $2 WHERE site_id = $1::bigint
