-- Which viewers asked for erasure? $1: int[] site ids, $2: uuid[] viewers, $3: bigint[] places. -> the places of those who did
SELECT w.place
FROM unnest($1::int[], $2::uuid[], $3::bigint[]) AS w(site_id, viewer, place)
WHERE EXISTS (SELECT FROM erasure e WHERE e.site_id = w.site_id AND e.viewer = w.viewer)
