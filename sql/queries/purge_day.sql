-- Takes a purge's visits and events out of the days, or puts them back. $1: site, $2: purge, $3: -1 or 1
WITH sums AS MATERIALIZED (
    SELECT dim, day AS bucket, value, sum(visits) AS visits, sum(bounces) AS bounces, sum(duration_s) AS duration_s,
        sum(pageviews) AS pageviews, sum(views) AS views, sum(events) AS events, sum(engaged_ms) AS engaged_ms
    FROM footfall_purge_sums($1::int, $2::bigint) GROUP BY 1, 2, 3
), others AS (
    SELECT o.dim, o.day AS bucket, o.value, hll_add_agg(o.visitor::hll_hashval, 14, 5, -1, 1) AS visitors
    FROM footfall_purge_others($1::int, $2::bigint) o
    JOIN sums s ON (s.dim, s.bucket, s.value) = (o.dim, o.day, o.value)
    GROUP BY 1, 2, 3
)
INSERT INTO rollup_day AS r (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events,
    engaged_ms, visitors)
SELECT $1::int, dim, bucket, value, $3::int * visits, $3::int * bounces, $3::int * duration_s, $3::int * pageviews,
    $3::int * views, $3::int * events, $3::int * engaged_ms, coalesce(visitors, hll_empty(14, 5, -1, 1))
FROM sums LEFT JOIN others USING (dim, bucket, value)
ON CONFLICT (site_id, dim, bucket, value) DO UPDATE SET
    visits = r.visits + excluded.visits,
    bounces = r.bounces + excluded.bounces,
    duration_s = r.duration_s + excluded.duration_s,
    pageviews = r.pageviews + excluded.pageviews,
    views = r.views + excluded.views,
    events = r.events + excluded.events,
    engaged_ms = r.engaged_ms + excluded.engaged_ms,
    visitors = excluded.visitors
