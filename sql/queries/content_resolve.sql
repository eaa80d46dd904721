-- Items by kind and key. $1: int[] site ids, $2: text[] kinds, $3: text[] keys. -> place in the arrays from 1,
-- content_id, title, url, owner, collection, managed, was it removed; of those that exist
SELECT w.n, c.content_id, c.title, c.url, c.owner, c.collection, c.managed, c.removed_at IS NOT NULL
FROM unnest($1::int[], $2::text[], $3::text[]) WITH ORDINALITY AS w(site_id, kind, key, n)
CROSS JOIN LATERAL (SELECT * FROM content c WHERE c.site_id = w.site_id AND c.kind = w.kind AND c.key = w.key
                    OFFSET 0) AS c
