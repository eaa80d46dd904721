-- New labels; one that somebody made meanwhile is found. $1: int[] site ids, $2: text[], each pair once.
-- -> site_id, value, label_id
INSERT INTO label (site_id, value) SELECT * FROM unnest($1::int[], $2::text[])
ON CONFLICT (site_id, value) DO UPDATE SET value = excluded.value
RETURNING site_id, value, label_id
