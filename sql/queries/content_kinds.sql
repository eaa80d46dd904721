-- The kinds of a site's items. $1: site_id -> 0, text
SELECT 0, kind FROM content WHERE site_id = $1 GROUP BY kind
