-- The months within a range whose own figures are made. $1: site_id, $2: first day, $3: the day behind the last
-- -> their first days, ascending
SELECT bucket FROM rollup_month_made WHERE site_id = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket
