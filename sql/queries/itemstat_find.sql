-- An item, removed or not. $1 site_id, $2 kind, $3 key. -> content_id, title, url, owner, collection, private, published_at,
-- removed
SELECT content_id, title, url, owner, collection, private, published_at, removed_at IS NOT NULL
FROM content
WHERE site_id = $1 AND kind = $2 AND key = $3
