-- Registers items; a removed one stays away. $1: int[] site ids, $2: text[] kinds, $3: text[] keys, $4: text[] titles, $5: text[] URLs,
-- $6: text[] owners. -> site_id, kind, key, content_id
INSERT INTO content (site_id, kind, key, title, url, owner)
SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
ON CONFLICT (site_id, kind, key) DO UPDATE SET kind = excluded.kind WHERE content.removed_at IS NULL
RETURNING site_id, kind, key, content_id
