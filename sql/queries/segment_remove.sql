-- Takes a segment away. $1: site, $2: segment -> its name; no row if there is none
DELETE FROM segment WHERE site_id = $1::int AND segment_id = $2::bigint RETURNING name
