-- Counts new texts of some days. $1: int[] site ids, $2: date[], $3: int[] new paths, $4: int[] other new texts
INSERT INTO label_day AS d (site_id, day, paths, others)
SELECT * FROM unnest($1::int[], $2::date[], $3::int[], $4::int[])
ON CONFLICT (site_id, day) DO UPDATE SET paths = d.paths + excluded.paths, others = d.others + excluded.others
