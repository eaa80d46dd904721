-- Begins a purge. $1: site, $2: rule, $3: from, $4: to -> purge_id
INSERT INTO purge (site_id, rule, from_at, to_at) VALUES ($1::int, $2, $3::timestamptz, $4::timestamptz)
RETURNING purge_id
