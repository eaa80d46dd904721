-- Changes a segment; null leaves its part as it is. $1: site, $2: segment, $3: name, $4: filters -> as segment_list
UPDATE segment
SET name = coalesce($3::text, name), filters = coalesce($4::jsonb, filters), updated_at = now()
WHERE site_id = $1::int AND segment_id = $2::bigint
RETURNING segment_id, name, filters, created_at, updated_at
