-- Deletes weeks that begin before the days their sites keep, some at a time. No parameters. -> how many
WITH made AS (DELETE FROM rollup_week_made m USING site_kept k WHERE m.site_id = k.site_id AND m.bucket < k.days_from),
r AS (DELETE FROM rollup_week WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM site_kept k CROSS JOIN generate_series(0, 63) AS d(dim) CROSS JOIN LATERAL (
        SELECT h.ctid FROM rollup_week h WHERE h.site_id = k.site_id AND h.dim = d.dim AND h.bucket < k.days_from LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1),
c AS (DELETE FROM content_week WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM site_kept k CROSS JOIN LATERAL (
        SELECT h.ctid FROM content_week h WHERE h.site_id = k.site_id AND h.bucket < k.days_from LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1)
SELECT (SELECT count(*) FROM r) + (SELECT count(*) FROM c)
