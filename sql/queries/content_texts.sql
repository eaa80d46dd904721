-- A site's items as kind/key, a page at a time. $1: site_id, $2: the last number of the page before, 0 for the first
-- -> content_id, text
SELECT content_id, kind || '/' || key FROM content WHERE site_id = $1 AND content_id > $2 ORDER BY content_id LIMIT 10000
