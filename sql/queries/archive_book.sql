-- Remembers that a part is written. $1: site, $2: day, $3: part, $4: all that came before is in it
INSERT INTO archived (site_id, day, part, archived_at) VALUES ($1::int, $2::date, $3::int, $4)
ON CONFLICT (site_id, day, part) DO UPDATE SET archived_at = excluded.archived_at
