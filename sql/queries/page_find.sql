-- What pages were seen with last. $1: int[] site ids, $2: int[] labels of paths. -> place in the arrays from 1, title,
-- content_id, kind of that item, when it was so first; of those that are known
SELECT w.n, p.title, p.content_id, c.kind, p.seen_at
FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS w(site_id, path, n)
JOIN page_title p ON p.site_id = w.site_id AND p.path = w.path
LEFT JOIN content c ON c.site_id = p.site_id AND c.content_id = p.content_id
