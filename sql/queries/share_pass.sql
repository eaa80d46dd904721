-- Lets somebody in who gave a link's password. $1: token hash, $2: link, $3: seconds
INSERT INTO share_pass (token_hash, share_id, expires_at)
VALUES ($1, $2::bigint, now() + $3::bigint * interval '1 second')
