-- Remembers imported lines. $1: int[] site ids, $2: date[] UTC days, $3: bigint[] lines. -> site_id, day, line of those
-- that are new
INSERT INTO import_seen (site_id, day, line)
SELECT * FROM unnest($1::int[], $2::date[], $3::bigint[])
ON CONFLICT (site_id, day, line) DO NOTHING
RETURNING site_id, day, line
