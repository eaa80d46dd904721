-- Adds to the counts by reason. $1: int[] site ids, $2: date[] of receipt, $3: smallint[] reasons, $4: bigint[] numbers
INSERT INTO drain_count AS c (site_id, day, reason, n)
SELECT * FROM unnest($1::int[], $2::date[], $3::smallint[], $4::bigint[])
ON CONFLICT (site_id, day, reason) DO UPDATE SET n = c.n + excluded.n
