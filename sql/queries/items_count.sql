-- How many items sites have. $1: int[] site ids. -> site_id, number; of those that have any
SELECT site_id, count(*) FROM content WHERE site_id = ANY($1::int[]) GROUP BY site_id
