-- Labels of texts. $1: int[] site ids, $2: text[], each pair once. -> site_id, value, label_id; of those that exist
SELECT l.site_id, l.value, l.label_id
FROM unnest($1::int[], $2::text[]) AS w(site_id, value)
CROSS JOIN LATERAL (SELECT * FROM label WHERE site_id = w.site_id AND value = w.value OFFSET 0) AS l
