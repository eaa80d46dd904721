-- Labels of texts; those that are missing are made. (Found first: a conflict would use up a number.) $1: int[] site ids,
-- $2: text[], each pair once. -> site_id, value, label_id
WITH found AS MATERIALIZED (
    SELECT w.site_id, w.value,
        (SELECT l.label_id FROM label l WHERE l.site_id = w.site_id AND l.value = w.value) AS label_id
    FROM unnest($1::int[], $2::text[]) AS w(site_id, value)
), made AS (
    INSERT INTO label (site_id, value) SELECT site_id, value FROM found WHERE label_id IS NULL
    ON CONFLICT (site_id, value) DO UPDATE SET value = excluded.value
    RETURNING site_id, value, label_id
)
SELECT site_id, value, label_id FROM found WHERE label_id IS NOT NULL
UNION ALL SELECT site_id, value, label_id FROM made
