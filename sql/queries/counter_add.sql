-- Adds views to the counters of items. $1: int[] site ids, $2: bigint[] content ids, $3: date[] newest local day of the
-- views, $4: bigint[] views of that day, $5: bigint[] of its month, $6: bigint[] of all days. Late views of older days
-- count for the total, and for the month while it is the same
INSERT INTO content_counter AS c (site_id, content_id, day, views_day, views_month, views_total)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[])
ON CONFLICT (site_id, content_id) DO UPDATE SET
    day = greatest(c.day, excluded.day),
    views_day = CASE WHEN excluded.day > c.day THEN excluded.views_day
        WHEN excluded.day = c.day THEN c.views_day + excluded.views_day ELSE c.views_day END,
    views_month = CASE WHEN date_trunc('month', excluded.day) = date_trunc('month', c.day)
        THEN c.views_month + excluded.views_month
        WHEN excluded.day > c.day THEN excluded.views_month ELSE c.views_month END,
    views_total = c.views_total + excluded.views_total
