-- What the drain did with records, by reason, over all days: 0 = stored whole. $1: site; null = all. -> reason, number
SELECT reason, sum(n) FROM drain_count WHERE $1::int IS NULL OR site_id = $1::int GROUP BY reason ORDER BY reason
