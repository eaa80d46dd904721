-- Makes a month's figures from its days. $1: site, $2: first day
INSERT INTO rollup_month (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
    visitors)
SELECT site_id, dim, $2::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events),
    sum(engaged_ms), hll_union_agg(visitors)
FROM rollup_day
WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + interval '1 month'
GROUP BY site_id, dim, value
