-- Remembers that events of days came that their sites do not keep. $1: int[] sites, $2: date[], each pair once
INSERT INTO day_told AS d (site_id, day)
SELECT * FROM unnest($1::int[], $2::date[])
ON CONFLICT (day, site_id) DO UPDATE SET told_at = now() WHERE d.told_at < now() - interval '10 minutes'
