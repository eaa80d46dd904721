-- Counters of items. $1 site_id, $2 text[] kinds, $3 text[] keys, $4 the site's local day.
-- -> place in the list (from 1); today, month, total of raw views, of unique and of qualified ones; no row for an item that
-- is not known. Each is looked up by its key: OFFSET 0 keeps the planner from reading all items of a middling site at once
SELECT i.place,
       CASE WHEN n.day = $4::date THEN greatest(n.views_day, 0) ELSE 0 END,
       CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.views_month, 0) ELSE 0 END,
       coalesce(n.views_total, 0),
       CASE WHEN n.day = $4::date THEN greatest(n.uniques_day, 0) ELSE 0 END,
       CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.uniques_month, 0) ELSE 0 END,
       coalesce(n.uniques_total, 0),
       CASE WHEN n.day = $4::date THEN greatest(n.qualified_day, 0) ELSE 0 END,
       CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.qualified_month, 0) ELSE 0 END,
       coalesce(n.qualified_total, 0)
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i (kind, key, place)
CROSS JOIN LATERAL (SELECT content_id FROM content
                    WHERE site_id = $1 AND content.kind = i.kind AND content.key = i.key OFFSET 0) c
LEFT JOIN content_counter n ON n.site_id = $1 AND n.content_id = c.content_id
