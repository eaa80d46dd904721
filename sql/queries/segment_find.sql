-- Some of a site's segments. $1: site, $2: segment_ids -> as segment_list
SELECT segment_id, name, filters, created_at, updated_at FROM segment
WHERE site_id = $1::int AND segment_id = ANY ($2::bigint[]) ORDER BY segment_id
