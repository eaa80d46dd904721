-- Notes that a viewer asked for erasure. $1: site, $2: viewer
INSERT INTO erasure (site_id, viewer) VALUES ($1::int, $2::uuid) ON CONFLICT DO NOTHING
