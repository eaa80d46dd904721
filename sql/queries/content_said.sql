-- What views say of the collections of items that nobody manages, one by one. $1: int[] site ids, $2: bigint[] content ids,
-- $3: text[] collections, $4: timestamptz[] times of the views. -> place in the arrays from 1, the collection it is in then
SELECT w.n, footfall_content_said(w.site_id, w.content_id, w.collection, w.at)
FROM unnest($1::int[], $2::bigint[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS w(site_id, content_id, collection, at, n)
