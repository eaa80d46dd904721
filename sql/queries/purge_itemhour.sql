-- Takes a purge's events and windows out of the hours of items, or puts them back. $1: site, $2: purge, $3: -1 or 1
WITH sums AS MATERIALIZED (
    SELECT hour AS bucket, content_id, auth, sum(pageviews) AS pageviews, sum(views) AS views, sum(uniques) AS uniques, sum(qualified) AS qualified,
        sum(events) AS events, sum(engaged_ms) AS engaged_ms, sum(impressions) AS impressions, sum(clicks) AS clicks,
        sum(plays) AS plays, sum(completions) AS completions, sum(reactions) AS reactions,
        sum(comments) AS comments, sum(shares) AS shares, sum(follows) AS follows
    FROM footfall_purge_items($1::int, $2::bigint) GROUP BY 1, 2, 3
), others AS (
    SELECT o.hour AS bucket, o.content_id, o.auth, hll_add_agg(o.visitor::hll_hashval, 14, 5, -1, 1) AS visitors
    FROM footfall_purge_item_others($1::int, $2::bigint) o
    JOIN sums s ON (s.bucket, s.content_id, s.auth) = (o.hour, o.content_id, o.auth)
    GROUP BY 1, 2, 3
)
INSERT INTO content_hour AS r (site_id, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms,
    impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
SELECT $1::int, bucket, content_id, auth, $3::int * pageviews, $3::int * views, $3::int * uniques, $3::int * qualified,
    $3::int * events, $3::int * engaged_ms, $3::int * impressions, $3::int * clicks, $3::int * plays,
    $3::int * completions, $3::int * reactions, $3::int * comments, $3::int * shares, $3::int * follows,
    coalesce(visitors, hll_empty(14, 5, -1, 1))
FROM sums LEFT JOIN others USING (bucket, content_id, auth)
ON CONFLICT (site_id, bucket, content_id, auth) DO UPDATE SET
    pageviews = r.pageviews + excluded.pageviews,
    views = r.views + excluded.views,
    uniques = r.uniques + excluded.uniques,
    qualified = r.qualified + excluded.qualified,
    events = r.events + excluded.events,
    engaged_ms = r.engaged_ms + excluded.engaged_ms,
    impressions = r.impressions + excluded.impressions,
    clicks = r.clicks + excluded.clicks,
    plays = r.plays + excluded.plays,
    completions = r.completions + excluded.completions,
    reactions = r.reactions + excluded.reactions,
    comments = r.comments + excluded.comments,
    shares = r.shares + excluded.shares,
    follows = r.follows + excluded.follows,
    visitors = excluded.visitors
