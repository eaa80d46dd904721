-- Forgets rows of the rollups that a purge has emptied. $1: site, $2: purge
WITH p AS MATERIALIZED (
    SELECT from_at - interval '2 days' AS from_at, to_at + interval '3 days' AS to_at
    FROM purge WHERE purge_id = $2::bigint AND site_id = $1::int
), item_hours AS (
    DELETE FROM content_hour r USING p
    WHERE r.site_id = $1::int AND r.bucket >= p.from_at AND r.bucket < p.to_at
        AND (views, uniques, qualified, events, engaged_ms, impressions, plays) = (0, 0, 0, 0, 0, 0, 0)
        AND hll_cardinality(visitors) = 0
), item_days AS (
    DELETE FROM content_day r USING p
    WHERE r.site_id = $1::int AND r.bucket >= p.from_at::date AND r.bucket <= p.to_at::date
        AND (views, uniques, qualified, events, engaged_ms, impressions, plays) = (0, 0, 0, 0, 0, 0, 0)
        AND hll_cardinality(visitors) = 0
), hours AS (
    DELETE FROM rollup_hour r USING p
    WHERE r.site_id = $1::int AND r.bucket >= p.from_at AND r.bucket < p.to_at
        AND (visits, bounces, duration_s, pageviews, views, events, engaged_ms) = (0, 0, 0, 0, 0, 0, 0)
        AND hll_cardinality(visitors) = 0
)
DELETE FROM rollup_day r USING p
WHERE r.site_id = $1::int AND r.bucket >= p.from_at::date AND r.bucket <= p.to_at::date
    AND (visits, bounces, duration_s, pageviews, views, events, engaged_ms) = (0, 0, 0, 0, 0, 0, 0)
    AND hll_cardinality(visitors) = 0
