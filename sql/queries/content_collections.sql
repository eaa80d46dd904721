-- The collections that a site's items are or were in. $1: site_id -> 0, text
SELECT 0, collection FROM content_membership WHERE site_id = $1 GROUP BY collection
