-- Deletes hours that their sites do not keep, some at a time. No parameters. -> how many
WITH r AS (DELETE FROM rollup_hour WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM site_kept k CROSS JOIN generate_series(0, 63) AS d(dim) CROSS JOIN LATERAL (
        SELECT h.ctid FROM rollup_hour h WHERE h.site_id = k.site_id AND h.dim = d.dim AND h.bucket < k.hours_from LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1),
c AS (DELETE FROM content_hour WHERE ctid = ANY (ARRAY(
    SELECT h.ctid FROM site_kept k CROSS JOIN LATERAL (
        SELECT h.ctid FROM content_hour h WHERE h.site_id = k.site_id AND h.bucket < k.hours_from LIMIT 20000) AS h
    LIMIT 20000)) RETURNING 1)
SELECT (SELECT count(*) FROM r) + (SELECT count(*) FROM c)
