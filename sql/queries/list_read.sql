-- The best items of a list. $1 site_id, $2 list, $3 days, $4 kind or null, $5 owner or null, $6 collection or null, $7 how many.
-- -> kind, key, title, url, owner, collection, score, visitors, views, baseline, exposure
SELECT c.kind, c.key, c.title, c.url, c.owner, c.collection, l.score, l.visitors, l.views, l.baseline, l.exposure
FROM content_list l
JOIN content c ON c.site_id = l.site_id AND c.content_id = l.content_id
WHERE l.site_id = $1 AND l.list = $2 AND l.days = $3 AND c.removed_at IS NULL AND NOT c.private
  AND ($4::text IS NULL OR c.kind = $4) AND ($5::text IS NULL OR c.owner = $5) AND ($6::text IS NULL OR c.collection = $6)
ORDER BY l.score DESC, l.views DESC, l.content_id
LIMIT $7
