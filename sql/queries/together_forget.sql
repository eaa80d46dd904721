-- Forgets what was seen together before a day. $1 site_id, $2 day
DELETE FROM content_together WHERE site_id = $1 AND bucket < $2
