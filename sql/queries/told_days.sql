-- Remembers that events of days came that their sites do not keep. $1: int[] sites, $2: date[], each pair once. (The time is not
-- the transaction's: whoever holds the drain's lock before or after it can tell.)
INSERT INTO day_told AS d (site_id, day, told_at)
SELECT site_id, day, clock_timestamp() FROM unnest($1::int[], $2::date[]) AS w(site_id, day)
ON CONFLICT (day, site_id) DO UPDATE SET told_at = clock_timestamp()
