-- Adds to the counters of items. $1: int[] site ids, $2: bigint[] content ids, $3: date[] newest local day of what is added,
-- then bigint[], of that day, of its month, of all days: $4 to $6 views, $7 to $9 unique ones, $10 to $12 qualified ones.
-- What comes late of older days counts for the total, and for the month while it is the same
INSERT INTO content_counter AS c (site_id, content_id, day, views_day, views_month, views_total, uniques_day, uniques_month,
    uniques_total, qualified_day, qualified_month, qualified_total)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
ON CONFLICT (site_id, content_id) DO UPDATE SET
    day = greatest(c.day, excluded.day),
    views_day = CASE WHEN excluded.day > c.day THEN excluded.views_day
        WHEN excluded.day = c.day THEN c.views_day + excluded.views_day ELSE c.views_day END,
    views_month = CASE WHEN date_trunc('month', excluded.day) = date_trunc('month', c.day)
        THEN c.views_month + excluded.views_month
        WHEN excluded.day > c.day THEN excluded.views_month ELSE c.views_month END,
    views_total = c.views_total + excluded.views_total,
    uniques_day = CASE WHEN excluded.day > c.day THEN excluded.uniques_day
        WHEN excluded.day = c.day THEN c.uniques_day + excluded.uniques_day ELSE c.uniques_day END,
    uniques_month = CASE WHEN date_trunc('month', excluded.day) = date_trunc('month', c.day)
        THEN c.uniques_month + excluded.uniques_month
        WHEN excluded.day > c.day THEN excluded.uniques_month ELSE c.uniques_month END,
    uniques_total = c.uniques_total + excluded.uniques_total,
    qualified_day = CASE WHEN excluded.day > c.day THEN excluded.qualified_day
        WHEN excluded.day = c.day THEN c.qualified_day + excluded.qualified_day ELSE c.qualified_day END,
    qualified_month = CASE WHEN date_trunc('month', excluded.day) = date_trunc('month', c.day)
        THEN c.qualified_month + excluded.qualified_month
        WHEN excluded.day > c.day THEN excluded.qualified_month ELSE c.qualified_month END,
    qualified_total = c.qualified_total + excluded.qualified_total
