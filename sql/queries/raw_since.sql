-- Since which UTC day single events and visits are complete: the gapless run of daily partitions that ends with the
-- newest, of the table that begins later. No parameters. -> day; null where there are no partitions
WITH part AS (
    SELECT i.inhparent AS parent,
           substring(pg_get_expr(c.relpartbound, c.oid) FROM '[0-9]{4}-[0-9]{2}-[0-9]{2}')::date AS day
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('event'::regclass, 'visit'::regclass)
), run AS (
    SELECT parent, day, day + row_number() OVER (PARTITION BY parent ORDER BY day DESC)::int AS run,
           max(day) OVER (PARTITION BY parent) + 1 AS newest
    FROM part WHERE day IS NOT NULL
)
SELECT max(since) FROM (
    SELECT min(day) AS since FROM run WHERE run = newest GROUP BY parent
) s HAVING count(*) = 2
