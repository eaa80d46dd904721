-- Days of sites that are older than their retention and still in the tables: each once, and again a day after more of them came,
-- or when the time is over for which they were brought back. No parameters. -> site_id, day, domain, whether to archive them
WITH part AS (
    SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
    FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
    WHERE inhparent = 'event'::regclass AND c.relname ~ '^event_[0-9]{8}$'
), due AS (
    SELECT k.site_id, p.day FROM site_kept k JOIN part p ON p.day < k.raw_from AND p.day >= coalesce(k.raw_gone, '-infinity')
    UNION
    SELECT k.site_id, t.day
    FROM day_told t JOIN site_kept k USING (site_id) JOIN site s USING (site_id)
    WHERE t.day < k.raw_from AND t.told_at < now() - interval '1 day' AND (s.archive OR t.day IN (SELECT day FROM part))
    UNION
    SELECT site_id, day FROM raw_restored
)
SELECT d.site_id, d.day, s.domain, s.archive AND count(r.until) = 0
FROM due d JOIN site s USING (site_id) LEFT JOIN raw_restored r USING (site_id, day)
GROUP BY d.site_id, d.day, s.domain, s.archive
HAVING coalesce(max(r.until) < now(), true)
ORDER BY day, site_id
