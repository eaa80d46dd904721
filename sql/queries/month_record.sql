-- Remembers that a month is made, now. $1: site, $2: first day
INSERT INTO rollup_month_made (site_id, bucket) VALUES ($1::int, $2::date)
ON CONFLICT (site_id, bucket) DO UPDATE SET made_at = now()
