-- Makes a week's figures from its days, in the order they are read. $1: site, $2: its Monday
INSERT INTO rollup_week (site_id, dim, bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
    visitors)
SELECT site_id, dim, $2::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events),
    sum(engaged_ms), hll_union_agg(visitors)
FROM rollup_day
WHERE site_id = $1::int AND dim = ANY (ARRAY(SELECT generate_series(0, 63))::smallint[])
    AND bucket >= $2::date AND bucket < $2::date + 7
GROUP BY site_id, dim, value
ORDER BY dim, value
