-- An item's views by each dimension, the most first; what comes behind the first 100 of one is one row at its end. $1 site_id,
-- $2 content_id, $3 dimensions whose values are labels. -> dimension, value, its label or null, raw and unique views, how
-- many values are in the row, first day
WITH sums AS (
    SELECT dim, value, sum(views) AS views, sum(uniques) AS uniques, min(bucket) AS since,
           row_number() OVER (PARTITION BY dim ORDER BY sum(views) DESC, sum(uniques) DESC, value) AS place
    FROM content_day_by
    WHERE site_id = $1 AND content_id = $2
    GROUP BY dim, value
), few AS (
    SELECT dim, CASE WHEN place <= 100 THEN value END AS value, sum(views) AS views, sum(uniques) AS uniques,
           count(*) AS n, min(since) AS since, min(place) AS place
    FROM sums
    GROUP BY dim, CASE WHEN place <= 100 THEN value END
)
SELECT f.dim, f.value, l.value, f.views, f.uniques, f.n, f.since
FROM few f
LEFT JOIN label l ON l.site_id = $1 AND l.label_id = f.value AND f.dim = ANY ($3::smallint[])
ORDER BY f.dim, f.place
