-- What pages were seen with last; an empty title and item 0 leave what is stored. $1: int[] site ids, $2: int[] labels of
-- paths, $3: text[] titles, $4: bigint[] content ids, $5: timestamptz[]
INSERT INTO page_title AS p (site_id, path, title, content_id, seen_at)
SELECT site_id, path, title, nullif(content_id, 0), seen_at
FROM unnest($1::int[], $2::int[], $3::text[], $4::bigint[], $5::timestamptz[]) AS w(site_id, path, title, content_id, seen_at)
ON CONFLICT (site_id, path) DO UPDATE SET
    title = CASE WHEN excluded.title = '' THEN p.title ELSE excluded.title END,
    content_id = coalesce(excluded.content_id, p.content_id),
    seen_at = excluded.seen_at
