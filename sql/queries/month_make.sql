-- Makes a month's figures from its days, if they are kept (month_forget). $1: site, $2: first day
INSERT INTO rollup_month (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
    visitors)
SELECT site_id, dim, $2::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events),
    sum(engaged_ms), hll_union_agg(visitors)
FROM rollup_day
WHERE site_id = $1::int AND bucket >= $2::date AND bucket < $2::date + interval '1 month'
    AND NOT EXISTS (SELECT FROM rollup_month_made m JOIN site_kept k USING (site_id)
        WHERE m.site_id = $1::int AND m.bucket = $2::date AND k.days_from > m.bucket)
GROUP BY site_id, dim, value
