-- Remembers days on which entries of visits moved. $1: int[] site ids, $2: date[]
INSERT INTO rollup_unsettled (site_id, bucket) SELECT DISTINCT * FROM unnest($1::int[], $2::date[])
ON CONFLICT (site_id, bucket) DO NOTHING
