-- A page that anybody may know of: it was seen, and the item that it was about last is not private or removed. $1 site_id, $2
-- path. -> a row if so
SELECT 1
FROM label l
LEFT JOIN page_title p ON p.site_id = l.site_id AND p.path = l.label_id
LEFT JOIN content c ON c.site_id = p.site_id AND c.content_id = p.content_id
WHERE l.site_id = $1 AND l.value = $2 AND c.removed_at IS NULL AND c.private IS NOT TRUE
