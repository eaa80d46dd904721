-- The owners of a site's items. $1: site_id -> 0, text
SELECT 0, owner FROM content WHERE site_id = $1 AND owner <> '' GROUP BY owner
