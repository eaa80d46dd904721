-- Counts the hours of a local day anew by item, and the day. $1: site, $2: day
WITH counted AS MATERIALIZED (
    SELECT * FROM footfall_recount_items($1::int, $2::date)
), hours AS (
    INSERT INTO content_hour (site_id, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms,
        impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
    SELECT $1::int, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms, impressions, clicks,
        plays, completions, reactions, comments, shares, follows, visitors
    FROM counted
)
INSERT INTO content_day (site_id, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms,
    impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
SELECT $1::int, $2::date, content_id, auth, sum(pageviews), sum(views), sum(uniques), sum(qualified), sum(events),
    sum(engaged_ms), sum(impressions), sum(clicks), sum(plays), sum(completions), sum(reactions), sum(comments), sum(shares),
    sum(follows), hll_union_agg(visitors)
FROM counted GROUP BY content_id, auth
