-- What a batch must know of its sites. $1: int[] of site ids. -> site_id, time_zone, strict, secret,
-- unique_windows, qualified, items_max, paths_max, rolled_since, values_max; by site_id
SELECT site_id, time_zone, strict, secret, unique_windows, qualified, items_max, paths_max, rolled_since, values_max
FROM site WHERE site_id = ANY($1::int[]) ORDER BY site_id
