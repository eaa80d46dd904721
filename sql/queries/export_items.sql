-- Items of a site with their counters for export, in the order in which they came. $1: site; $2: behind this number; $3: at most; $4: the site's local day; $5: kind, $6: owner, $7: collection, or nulls -> number, then the columns of fact/export_columns.c
SELECT c.content_id, c.kind, c.key, c.title, c.url, c.owner, c.collection, c.private,
    to_char(c.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    CASE WHEN n.day = $4::date THEN greatest(n.views_day, 0) ELSE 0 END,
    CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.views_month, 0) ELSE 0 END,
    coalesce(n.views_total, 0),
    CASE WHEN n.day = $4::date THEN greatest(n.uniques_day, 0) ELSE 0 END,
    CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.uniques_month, 0) ELSE 0 END,
    coalesce(n.uniques_total, 0),
    CASE WHEN n.day = $4::date THEN greatest(n.qualified_day, 0) ELSE 0 END,
    CASE WHEN date_trunc('month', n.day) = date_trunc('month', $4::date) THEN greatest(n.qualified_month, 0) ELSE 0 END,
    coalesce(n.qualified_total, 0)
FROM content c
LEFT JOIN content_counter n ON n.site_id = c.site_id AND n.content_id = c.content_id
WHERE c.site_id = $1 AND c.content_id > $2
    AND ($5::text IS NULL OR c.kind = $5) AND ($6::text IS NULL OR c.owner = $6) AND ($7::text IS NULL OR c.collection = $7)
ORDER BY c.content_id
LIMIT $3
