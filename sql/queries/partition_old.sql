-- Days before $1 that still have tables of their own, oldest first; not those that an archive was brought back to. -> day
SELECT DISTINCT to_date(right(child.relname, 8), 'YYYYMMDD') AS day
FROM pg_inherits
JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent IN ('event'::regclass, 'visit'::regclass)
  AND child.relname ~ '^(event|visit)_[0-9]{8}$'
  AND to_date(right(child.relname, 8), 'YYYYMMDD') < $1::date
  AND NOT EXISTS (SELECT FROM raw_restored r WHERE r.day = to_date(right(child.relname, 8), 'YYYYMMDD') AND r.until > now())
ORDER BY day
