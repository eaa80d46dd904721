-- Counts a local day's figures by entry page and its host anew, as recount_rollups does; of more values than the site allows, those with the most figures keep
-- their own row. $1: site, $2: day
WITH counted AS MATERIALIZED (
    SELECT * FROM footfall_recount($1::int, $2::date) WHERE dim IN (25, 27)
), ranked AS (
    SELECT dim, value, row_number() OVER (PARTITION BY dim ORDER BY sum(visits) + sum(events) DESC, value) AS place
    FROM counted WHERE footfall_dim_text(dim) GROUP BY dim, value
), kept AS MATERIALIZED (
    SELECT c.dim, c.bucket, CASE WHEN r.place > s.values_max THEN l.label_id ELSE c.value END AS value,
        sum(visits) AS visits, sum(bounces) AS bounces, sum(duration_s) AS duration_s, sum(pageviews) AS pageviews,
        sum(views) AS views, sum(events) AS events, sum(engaged_ms) AS engaged_ms, hll_union_agg(visitors) AS visitors
    FROM site s
    JOIN label l ON l.site_id = s.site_id AND l.value = '(other)'
    CROSS JOIN counted c
    LEFT JOIN ranked r ON (r.dim, r.value) = (c.dim, c.value)
    WHERE s.site_id = $1::int
    GROUP BY 1, 2, 3
), hours AS (
    INSERT INTO rollup_hour (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
        visitors)
    SELECT $1::int, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, visitors FROM kept
)
INSERT INTO rollup_day (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
    visitors)
SELECT $1::int, dim, $2::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events),
    sum(engaged_ms), hll_union_agg(visitors)
FROM kept GROUP BY dim, value
