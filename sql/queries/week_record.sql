-- Remembers that a week is made, now. $1: site, $2: its Monday
INSERT INTO rollup_week_made (site_id, bucket) VALUES ($1::int, $2::date)
ON CONFLICT (site_id, bucket) DO UPDATE SET made_at = now()
