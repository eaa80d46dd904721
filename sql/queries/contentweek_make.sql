-- Makes a week's figures of items from its days. $1: site, $2: its Monday
INSERT INTO content_week (site_id, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms,
    impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
SELECT site_id, $2::date, content_id, auth, sum(pageviews), sum(views), sum(uniques), sum(qualified), sum(events),
    sum(engaged_ms), sum(impressions), sum(clicks), sum(plays), sum(completions), sum(reactions), sum(comments),
    sum(shares), sum(follows), hll_union_agg(visitors)
FROM content_day
WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + 7
GROUP BY site_id, content_id, auth
ORDER BY content_id, auth
