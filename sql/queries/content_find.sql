-- One item. $1: site, $2: kind, $3: key
-- -> content_id, title, url, owner, collection, private, published_at, managed, memberships as JSON, oldest first
SELECT c.content_id, c.title, c.url, c.owner, c.collection, c.private, c.published_at, c.managed,
       (SELECT coalesce(json_agg(json_build_object('collection', m.collection, 'since', nullif(m.since, '-infinity'), 'until', m.until)
                                 ORDER BY m.since), '[]')
        FROM content_membership m
        WHERE m.site_id = c.site_id AND m.content_id = c.content_id)::text
FROM content c
WHERE c.site_id = $1::int AND c.kind = $2 AND c.key = $3 AND c.removed_at IS NULL
