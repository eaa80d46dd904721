-- Forgets the visitors of items before a day. $1 site_id, $2 day
DELETE FROM content_reach WHERE site_id = $1 AND bucket < $2
