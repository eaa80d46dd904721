-- figures.sql - everything that a figure is read from, in an order of its own, for comparing before with after. Rows that hold
-- nothing are left out: they come and go.
--   psql -X -q -At -f tests/lib/figures.sql
SET timezone = 'UTC';
SELECT tab, figures, visitors FROM (
    SELECT 'hour' AS tab, to_jsonb(r) - 'visitors' AS figures, round(hll_cardinality(visitors)) AS visitors, visits, events,
        engaged_ms, pageviews, duration_s
    FROM rollup_hour r
    UNION ALL SELECT 'day', to_jsonb(r) - 'visitors', round(hll_cardinality(visitors)), visits, events, engaged_ms, pageviews,
        duration_s
    FROM rollup_day r
    UNION ALL SELECT 'month', to_jsonb(r) - 'visitors', round(hll_cardinality(visitors)), visits, events, engaged_ms, pageviews,
        duration_s
    FROM rollup_month r
) x
WHERE (visits, events, engaged_ms, pageviews, duration_s) <> (0, 0, 0, 0, 0) OR visitors > 0
ORDER BY 1, 2;
SELECT tab, figures, visitors FROM (
    SELECT 'hour' AS tab, to_jsonb(r) - 'visitors' AS figures, round(hll_cardinality(visitors)) AS visitors FROM content_hour r
    UNION ALL SELECT 'day', to_jsonb(r) - 'visitors', round(hll_cardinality(visitors)) FROM content_day r
    UNION ALL SELECT 'month', to_jsonb(r) - 'visitors', round(hll_cardinality(visitors)) FROM content_month r
) x
WHERE visitors > 0 OR EXISTS (SELECT FROM jsonb_each_text(figures - '{site_id,bucket,content_id,auth}'::text[]) f WHERE f.value <> '0')
ORDER BY 1, 2;
SELECT 'by', to_jsonb(r) FROM content_day_by r WHERE views <> 0 ORDER BY 2;
SELECT 'counter', to_jsonb(r) FROM content_counter r ORDER BY 2;
