-- All figures of an item: whole months where they are made, days for the rest, each looked up by its key. $1 site_id, $2
-- content_id, $3 the last day there may be. -> signed in or not, first day, sums
WITH made AS MATERIALIZED (
    SELECT bucket FROM rollup_month_made WHERE site_id = $1
), begun AS (
    SELECT least((SELECT bucket FROM rollup_day WHERE site_id = $1 AND dim = 0 ORDER BY bucket LIMIT 1),
                 (SELECT min(bucket) FROM made), $3::date) AS day
), days AS (
    SELECT d::date AS bucket FROM begun, generate_series(begun.day, $3::date, interval '1 day') d
    WHERE date_trunc('month', d)::date NOT IN (SELECT bucket FROM made)
), rows AS (
    SELECT c.* FROM made m, LATERAL (SELECT * FROM content_month
        WHERE site_id = $1 AND bucket = m.bucket AND content_id = $2 OFFSET 0) c
    UNION ALL
    SELECT c.* FROM days d, LATERAL (SELECT * FROM content_day
        WHERE site_id = $1 AND bucket = d.bucket AND content_id = $2 OFFSET 0) c
)
SELECT auth, min(bucket), sum(views), sum(uniques), sum(qualified), sum(engaged_ms), sum(impressions), sum(clicks), sum(plays),
       sum(completions), sum(reactions), sum(comments), sum(shares), sum(follows)
FROM rows
GROUP BY auth
