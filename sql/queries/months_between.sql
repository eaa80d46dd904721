-- A site's made months that have a day from $2 to $3, and whose days are all kept. $1: site -> first days
SELECT m.bucket
FROM rollup_month_made m LEFT JOIN site_kept k USING (site_id)
WHERE m.site_id = $1::int AND m.bucket >= date_trunc('month', $2::date) AND m.bucket <= $3::date
    AND (k.days_from IS NULL OR m.bucket >= k.days_from)
ORDER BY m.bucket
