-- Adds a segment. $1: site, $2: name, $3: filters, $4: segments that a site may have -> as segment_list; no row: too many
INSERT INTO segment (site_id, name, filters)
SELECT $1::int, $2::text, $3::jsonb WHERE (SELECT count(*) FROM segment WHERE site_id = $1::int) < $4::bigint
RETURNING segment_id, name, filters, created_at, updated_at
