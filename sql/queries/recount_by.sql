-- Counts the breakdowns of items of a local day anew; sources that have no row of their own in the day's rollup are
-- "(other)" here too. $1: site, $2: day
INSERT INTO content_day_by (site_id, content_id, bucket, dim, value, views, uniques)
SELECT $1::int, b.content_id, $2::date, b.dim,
    CASE WHEN b.dim = 3 AND r.value IS NULL THEN l.label_id ELSE b.value END, sum(b.views), sum(b.uniques)
FROM footfall_recount_by($1::int, $2::date) b
JOIN label l ON l.site_id = $1::int AND l.value = '(other)'
LEFT JOIN rollup_day r ON r.site_id = $1::int AND r.dim = b.dim AND r.bucket = $2::date AND r.value = b.value
GROUP BY 1, 2, 3, 4, 5
