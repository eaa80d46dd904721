-- Holds the figures of items of a local day against its raw rows. $1: site, $2: day -> as verify_rollups
WITH place AS MATERIALIZED (
    SELECT s.time_zone AS zone, $2::timestamp AT TIME ZONE time_zone - interval '3 hours' AS from_at,
        ($2::date + 1)::timestamp AT TIME ZONE time_zone + interval '3 hours' AS to_at,
        (SELECT label_id FROM label l WHERE l.site_id = s.site_id AND l.value = '(other)') AS other,
        EXISTS (SELECT FROM rollup_unsettled u WHERE u.site_id = s.site_id AND u.bucket = $2::date) AS unsettled
    FROM site s WHERE s.site_id = $1::int
), item AS MATERIALIZED (
    SELECT * FROM footfall_recount_items($1::int, $2::date)
), item_sides (raw, tab, bucket, at, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms, impressions,
    clicks, plays, completions, reactions, comments, shares, follows, visitors) AS (
    SELECT true AS raw, 'content_hour' AS tab, bucket::text AS bucket, i.* FROM item i
    UNION ALL SELECT true, 'content_day', $2::text, i.* FROM item i
    UNION ALL SELECT false, 'content_hour', r.bucket::text, r.bucket, content_id, auth, pageviews, views, uniques, qualified, events,
        engaged_ms, impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors
    FROM content_hour r, place
    WHERE r.site_id = $1::int AND r.bucket >= from_at AND r.bucket < to_at AND (r.bucket AT TIME ZONE zone)::date = $2::date
    UNION ALL SELECT false, 'content_day', $2::text, NULL, content_id, auth, pageviews, views, uniques, qualified, events,
        engaged_ms, impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors
    FROM content_day WHERE site_id = $1::int AND bucket = $2::date
), folded_items AS (
    SELECT raw, tab, bucket, content_id, auth,
        format('%s pageviews, %s views, %s unique, %s qualified, %s events, %s ms, %s impressions, %s clicks, %s plays, '
            '%s completions, %s reactions, %s comments, %s shares, %s follows, %s visitors', sum(pageviews), sum(views),
            sum(uniques), sum(qualified), sum(events), sum(engaged_ms), sum(impressions), sum(clicks), sum(plays),
            sum(completions), sum(reactions), sum(comments), sum(shares), sum(follows),
            round(hll_cardinality(hll_union_agg(visitors)))) AS figures
    FROM item_sides
    GROUP BY 1, 2, 3, 4, 5
    HAVING (sum(pageviews), sum(views), sum(uniques), sum(qualified), sum(events), sum(engaged_ms), sum(impressions),
            sum(plays)) IS DISTINCT FROM (0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric)
        OR hll_cardinality(hll_union_agg(visitors)) > 0
), pairs AS (
    SELECT tab, bucket, content_id, auth, max(figures) FILTER (WHERE raw) AS raw, max(figures) FILTER (WHERE NOT raw) AS rolled
    FROM folded_items GROUP BY tab, bucket, content_id, auth
), judged AS (
    SELECT *, raw IS DISTINCT FROM rolled AS wrong,
        row_number() OVER (PARTITION BY tab, raw IS DISTINCT FROM rolled ORDER BY bucket, content_id, auth) AS place
    FROM pairs
)
SELECT tab, count(*), count(*) FILTER (WHERE wrong),
    string_agg(bucket || ' item ' || content_id || CASE WHEN auth THEN ', signed in' ELSE '' END || ': raw rows say ' || coalesce(raw, 'nothing') || ', it says '
        || coalesce(rolled, 'nothing'), E'\n') FILTER (WHERE wrong AND place <= 3)
FROM judged GROUP BY tab ORDER BY tab
