-- Deletes days that their sites do not keep and whose months are held, some at a time. No parameters. -> how many
WITH made AS MATERIALIZED (
    SELECT site_id, m.bucket AS first, least(k.days_from, (m.bucket + interval '1 month')::date) AS till
    FROM site_kept k JOIN rollup_month_made m USING (site_id) WHERE m.bucket < k.days_from),
r AS (DELETE FROM rollup_day WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM made k CROSS JOIN generate_series(0, 63) AS d(dim) CROSS JOIN LATERAL (
        SELECT h.ctid FROM rollup_day h WHERE h.site_id = k.site_id AND h.dim = d.dim AND h.bucket >= k.first AND h.bucket < k.till LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1),
c AS (DELETE FROM content_day WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM made k CROSS JOIN LATERAL (
        SELECT h.ctid FROM content_day h WHERE h.site_id = k.site_id AND h.bucket >= k.first AND h.bucket < k.till LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1),
b AS (DELETE FROM content_day_by WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM made k JOIN content i ON i.site_id = k.site_id CROSS JOIN LATERAL (
        SELECT h.ctid FROM content_day_by h
        WHERE h.site_id = k.site_id AND h.content_id = i.content_id AND h.bucket >= k.first AND h.bucket < k.till LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1)
SELECT (SELECT count(*) FROM r) + (SELECT count(*) FROM c) + (SELECT count(*) FROM b)
