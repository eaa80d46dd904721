-- Makes a month's figures of items from its days, if they are kept (month_forget). $1: site, $2: first day
INSERT INTO content_month (site_id, bucket, content_id, auth, pageviews, views, uniques, qualified, events, engaged_ms,
    impressions, clicks, plays, completions, reactions, comments, shares, follows, visitors)
SELECT site_id, $2::date, content_id, auth, sum(pageviews), sum(views), sum(uniques), sum(qualified), sum(events),
    sum(engaged_ms), sum(impressions), sum(clicks), sum(plays), sum(completions), sum(reactions), sum(comments),
    sum(shares), sum(follows), hll_union_agg(visitors)
FROM content_day
WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + interval '1 month'
    AND NOT EXISTS (SELECT FROM rollup_month_made m JOIN site_kept k USING (site_id)
        WHERE m.site_id = $1::int AND m.bucket = $2::date AND k.days_from > m.bucket)
GROUP BY site_id, content_id, auth
