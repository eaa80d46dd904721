-- Dates the membership in the item's present collection. $1: site, $2: content id, $3: since when
SELECT footfall_content_move(site_id, content_id, collection, $3::timestamptz)
FROM content
WHERE site_id = $1::int AND content_id = $2::bigint
