-- Since when a site keeps what. $1: site_id. -> site_id, raw_from, hours_from, days_from; no row: since ever
SELECT site_id, raw_from, hours_from, days_from FROM site_kept WHERE site_id = $1::int
