-- Since which UTC day a site's single events and visits are complete: the gapless run of daily partitions that ends with
-- the newest, as far as the site keeps them. Where earlier visits were forgotten, events of the first day may miss theirs, so
-- that day is left out.
-- $1: site_id. -> day; null where there are no partitions
WITH part AS (
    SELECT i.inhparent = 'visit'::regclass AS visits,
           substring(pg_get_expr(c.relpartbound, c.oid) FROM '[0-9]{4}-[0-9]{2}-[0-9]{2}')::date AS day
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('event'::regclass, 'visit'::regclass)
), run AS (
    SELECT visits, day, day + row_number() OVER (PARTITION BY visits ORDER BY day DESC)::int AS run,
           max(day) OVER (PARTITION BY visits) + 1 AS newest
    FROM part WHERE day IS NOT NULL
), begin AS (
    SELECT greatest(min(day) FILTER (WHERE visits), (SELECT raw_from FROM site_kept WHERE site_id = $1)) AS visits,
        min(day) FILTER (WHERE NOT visits) AS events
    FROM run WHERE run = newest
)
SELECT CASE WHEN visits IS NOT NULL AND events IS NOT NULL THEN greatest(events, visits + EXISTS (
    SELECT FROM rollup_day r WHERE r.site_id = $1 AND r.dim = 0 AND r.bucket < begin.visits)::int) END
FROM begin
