-- What the host's backend says of an item; null leaves what is stored. $1: site, $2: kind, $3: key, $4: title, $5: URL,
-- $6: owner, $7: collection, $8: private, $9: published_at, $10: is published_at given,
-- $11: since when it is in that collection; null: since ever if the item is new, else since now
-- -> content_id, was it added, title, url, owner, collection, private, published_at
WITH told AS MATERIALIZED (
    SELECT set_config('footfall.moved_at', coalesce($11::timestamptz::text, ''), true)
)
INSERT INTO content AS c (site_id, kind, key, title, url, owner, collection, private, published_at, managed)
SELECT $1::int, $2, $3, coalesce($4, ''), coalesce($5, ''), coalesce($6, ''), coalesce($7, ''),
    coalesce($8::boolean, false), $9::timestamptz, true
FROM told
ON CONFLICT (site_id, kind, key) DO UPDATE SET
    title = coalesce($4, c.title),
    url = coalesce($5, c.url),
    owner = coalesce($6, c.owner),
    collection = coalesce($7, c.collection),
    private = coalesce($8::boolean, c.private),
    published_at = CASE WHEN $10::boolean THEN $9::timestamptz ELSE c.published_at END,
    managed = true,
    removed_at = NULL
RETURNING content_id, xmax = 0, title, url, owner, collection, private, published_at
