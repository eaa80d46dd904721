-- Days of sites that are older than their retention and still in the tables of a day: each once, and again a day after more of
-- them came. No parameters. -> site_id, day
WITH part AS (
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
    FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
    WHERE inhparent = 'event'::regclass AND c.relname ~ '^event_[0-9]{8}$'
)
SELECT k.site_id, p.day FROM site_kept k JOIN part p ON p.day < k.raw_from AND p.day >= coalesce(k.raw_gone, '-infinity')
UNION
SELECT k.site_id, p.day
FROM day_told t JOIN site_kept k USING (site_id) JOIN part p ON p.day = t.day AND p.day < k.raw_from
WHERE t.told_at < now() - interval '1 day'
ORDER BY day, site_id
