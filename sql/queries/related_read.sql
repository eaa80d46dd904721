-- What was viewed together with an item. $1 site_id, $2 content_id, $3 how many. -> kind, key, title, url, owner, collection,
-- score, visitors of both, of the item, of the other
SELECT c.kind, c.key, c.title, c.url, c.owner, c.collection, r.score, r.shared, r.of_item, r.of_other
FROM content_related r
JOIN content c ON c.site_id = r.site_id AND c.content_id = r.other
WHERE r.site_id = $1 AND r.item = $2 AND c.removed_at IS NULL AND NOT c.private
ORDER BY r.place
LIMIT $3
