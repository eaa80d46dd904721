-- Holds a made month against its days. $1: site, $2: first day -> as verify_day
WITH sides AS (
    SELECT true AS raw, 'rollup_month' AS tab, 0::bigint AS item, dim, value, to_jsonb(r) - '{site_id,bucket,dim,value,visitors}'::text[] AS sums,
        visitors
    FROM rollup_day r
    WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + interval '1 month'
        AND dim = ANY (ARRAY(SELECT generate_series(0, 63))::smallint[])
    UNION ALL SELECT false, 'rollup_month', 0, dim, value, to_jsonb(r) - '{site_id,bucket,dim,value,visitors}'::text[], visitors
    FROM rollup_month r WHERE site_id = $1::int AND bucket = $2::date
    UNION ALL SELECT true, 'content_month', content_id, auth::int::smallint, 0,
        to_jsonb(r) - '{site_id,bucket,content_id,auth,visitors}'::text[], visitors
    FROM content_day r WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + interval '1 month'
    UNION ALL SELECT false, 'content_month', content_id, auth::int::smallint, 0,
        to_jsonb(r) - '{site_id,bucket,content_id,auth,visitors}'::text[], visitors
    FROM content_month r WHERE site_id = $1::int AND bucket = $2::date
), figures AS (
    SELECT raw, tab, item, dim, value, key, sum(n::numeric) AS n
    FROM sides, LATERAL jsonb_each_text(sums) AS f(key, n) GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL SELECT raw, tab, item, dim, value, 'visitors', round(hll_cardinality(hll_union_agg(visitors)))::numeric
    FROM sides GROUP BY 1, 2, 3, 4, 5
), pairs AS (
    SELECT tab, item, dim, value, string_agg(key || ' ' || n, ', ' ORDER BY key) FILTER (WHERE raw AND n <> 0) AS raw,
        string_agg(key || ' ' || n, ', ' ORDER BY key) FILTER (WHERE NOT raw AND n <> 0) AS rolled
    FROM figures GROUP BY 1, 2, 3, 4
), judged AS (
    SELECT *, raw IS DISTINCT FROM rolled AS wrong,
        row_number() OVER (PARTITION BY tab, raw IS DISTINCT FROM rolled ORDER BY dim, item, value) AS place
    FROM pairs
)
SELECT tab, count(*), count(*) FILTER (WHERE wrong),
    string_agg($2::text || CASE WHEN item <> 0 THEN ' item ' || item ELSE ' dimension ' || dim || ' value ' || value END
        || ': its days say ' || coalesce(raw, 'nothing') || ', it says ' || coalesce(rolled, 'nothing'), E'\n')
        FILTER (WHERE wrong AND place <= 3)
FROM judged GROUP BY tab ORDER BY tab
