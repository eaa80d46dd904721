-- A new share link. $1: site, $2: name, $3: token hash, $4: salt, $5: password hash or null, $6: when it expires or null
-- -> share_id
INSERT INTO share_link (site_id, name, token_hash, salt, password_hash, expires_at)
VALUES ($1::int, $2, $3, $4, $5, $6::timestamptz)
RETURNING share_id
