-- Holds the breakdowns of items of a local day against its raw rows; as verify_rollups where a dimension is capped. $1: site,
-- $2: day -> as verify_rollups
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
), by_sides AS (
    SELECT true AS raw, content_id, dim, value, views, uniques FROM footfall_recount_by($1::int, $2::date)
    UNION ALL SELECT false, content_id, dim, value, views, uniques
    FROM content_day_by WHERE site_id = $1::int AND bucket = $2::date
), folded_by AS (
    SELECT raw, 'content_day_by' AS tab, content_id, s.dim,
        CASE WHEN c.dim IS NULL THEN value END AS value, format('%s views, %s unique', sum(views), sum(uniques)) AS figures
    FROM by_sides s LEFT JOIN capped c ON c.dim = s.dim
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(views) <> 0 OR sum(uniques) <> 0
), pairs AS (
    SELECT tab, content_id, dim, value, max(figures) FILTER (WHERE raw) AS raw, max(figures) FILTER (WHERE NOT raw) AS rolled
    FROM folded_by GROUP BY tab, content_id, dim, value
), judged AS (
    SELECT *, raw IS DISTINCT FROM rolled AS wrong,
        row_number() OVER (PARTITION BY tab, raw IS DISTINCT FROM rolled ORDER BY content_id, dim, value) AS place
    FROM pairs
)
SELECT tab, count(*), count(*) FILTER (WHERE wrong),
    string_agg($2::text || ' item ' || content_id || ' dimension ' || dim || coalesce(' value ' || value, ', all values') || ': raw rows say ' || coalesce(raw, 'nothing') || ', it says '
        || coalesce(rolled, 'nothing'), E'\n') FILTER (WHERE wrong AND place <= 3)
FROM judged GROUP BY tab ORDER BY tab
