-- A site's made months that have a day from $2 to $3. $1: site -> first days
SELECT bucket FROM rollup_month_made
WHERE site_id = $1::int AND bucket >= date_trunc('month', $2::date) AND bucket <= $3::date
ORDER BY bucket
