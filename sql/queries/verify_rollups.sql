-- Holds the rollups of a local day against its raw rows. Of a dimension that has "(other)" beside as many values as the site
-- allows, the sums alone are compared. $1: site, $2: day -> table, rows held against each other, how many differ, up to three
-- of those in words
WITH place AS MATERIALIZED (
    SELECT s.time_zone AS zone, s.values_max, $2::timestamp AT TIME ZONE time_zone - interval '3 hours' AS from_at,
        ($2::date + 1)::timestamp AT TIME ZONE time_zone + interval '3 hours' AS to_at,
        (SELECT label_id FROM label l WHERE l.site_id = s.site_id AND l.value = '(other)') AS other,
        EXISTS (SELECT FROM rollup_unsettled u WHERE u.site_id = s.site_id AND u.bucket = $2::date) AS unsettled
    FROM site s WHERE s.site_id = $1::int
), day AS MATERIALIZED (
    SELECT r.* FROM rollup_day r
    WHERE r.site_id = $1::int AND r.dim = ANY (ARRAY(SELECT generate_series(0, 63))::smallint[]) AND r.bucket = $2::date
), capped AS MATERIALIZED (
    SELECT dim FROM day, place WHERE footfall_dim_text(dim) GROUP BY dim, values_max
    HAVING count(*) >= values_max AND bool_or(value = other)
), counted AS MATERIALIZED (
    SELECT * FROM footfall_recount($1::int, $2::date)
), sides AS (
    SELECT true AS raw, 'rollup_hour' AS tab, bucket::text AS bucket, dim, value, visits, bounces, duration_s,
        pageviews, views, events, engaged_ms, visitors
    FROM counted
    UNION ALL SELECT true, 'rollup_day', $2::text, dim, value, visits, bounces, duration_s, pageviews, views, events,
        engaged_ms, visitors
    FROM counted
    UNION ALL SELECT false, 'rollup_hour', r.bucket::text, dim, value, visits, bounces, duration_s, pageviews, views, events,
        engaged_ms, visitors
    FROM rollup_hour r, place
    WHERE r.site_id = $1::int AND r.dim = ANY (ARRAY(SELECT generate_series(0, 63))::smallint[])
        AND r.bucket >= from_at AND r.bucket < to_at AND (r.bucket AT TIME ZONE zone)::date = $2::date
    UNION ALL SELECT false, 'rollup_day', $2::text, dim, value, visits, bounces, duration_s, pageviews, views, events,
        engaged_ms, visitors
    FROM day
), folded AS (
    SELECT raw, tab, bucket, s.dim, CASE WHEN c.dim IS NULL THEN value END AS value,
        format('%s visits, %s bounces, %s s, %s pageviews, %s views, %s events, %s ms, %s visitors', sum(visits), sum(bounces),
            sum(duration_s), sum(pageviews), sum(views), sum(events), sum(engaged_ms),
            round(hll_cardinality(hll_union_agg(visitors)))) AS figures
    FROM place, sides s LEFT JOIN capped c ON c.dim = s.dim
    WHERE NOT (unsettled AND s.dim IN (25, 27))
    GROUP BY 1, 2, 3, 4, 5
    HAVING (sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events), sum(engaged_ms))
        IS DISTINCT FROM (0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric)
        OR hll_cardinality(hll_union_agg(visitors)) > 0
), pairs AS (
    SELECT tab, bucket, dim, value, max(figures) FILTER (WHERE raw) AS raw, max(figures) FILTER (WHERE NOT raw) AS rolled
    FROM folded GROUP BY tab, bucket, dim, value
), judged AS (
    SELECT *, raw IS DISTINCT FROM rolled AS wrong,
        row_number() OVER (PARTITION BY tab, raw IS DISTINCT FROM rolled ORDER BY bucket, dim, value) AS place
    FROM pairs
)
SELECT tab, count(*), count(*) FILTER (WHERE wrong),
    string_agg(bucket || ' dimension ' || dim || coalesce(' value ' || value, ', all values') || ': raw rows say ' || coalesce(raw, 'nothing') || ', it says '
        || coalesce(rolled, 'nothing'), E'\n') FILTER (WHERE wrong AND place <= 3)
FROM judged GROUP BY tab ORDER BY tab
