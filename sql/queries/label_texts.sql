-- A site's labels, a page at a time. $1: site_id, $2: the last number of the page before, 0 for the first
-- -> label_id, text
SELECT label_id, value FROM label WHERE site_id = $1 AND label_id > $2 ORDER BY label_id LIMIT 10000
