-- Moves on since when sites keep what. $1: int[] of sites, null for all; $2: now; $3, $4, $5: seconds of retention.raw, .hours and
-- .days. -> site_id, raw_from, hours_from, days_from; by site_id
SELECT site_id, raw_from, hours_from, days_from FROM footfall_kept($1::int[], $2, $3, $4, $5)
