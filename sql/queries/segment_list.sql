-- A site's segments. $1: site -> id, name, filters, created, changed
SELECT segment_id, name, filters, created_at, updated_at FROM segment WHERE site_id = $1::int ORDER BY segment_id
