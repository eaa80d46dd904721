-- Counts the visitors of items on a local day anew: each once, in the hour of its first window. $1 site_id, $2 its zone, $3
-- day, $4 and $5 the instants between which it lies, $6 true: unique views are enough, else the window must be qualified.
-- Where nothing is there at all, what was counted before stays. -> rows that changed
WITH firsts AS MATERIALIZED (
    SELECT content_id, visitor, min(started_at) AS at
    FROM content_window
    WHERE site_id = $1 AND (qualified OR $6) AND purge_id IS NULL AND started_at >= $4 AND started_at < $5
    GROUP BY 1, 2
), hourly AS (
    SELECT content_id, least(24, greatest(0, floor(extract(epoch FROM at - ($3::timestamp AT TIME ZONE $2)) / 3600)))::int
               AS hour, count(*)::int AS n
    FROM firsts
    GROUP BY 1, 2
), daily AS (
    SELECT content_id, sum(n)::int AS visitors, array_agg(hour) AS at, array_agg(n) AS n FROM hourly GROUP BY 1
), found AS MATERIALIZED (
    SELECT d.content_id, d.visitors,
           (SELECT array_agg(coalesce(x.n, 0) ORDER BY i) FROM generate_series(0, 24) i
            LEFT JOIN unnest(d.at, d.n) AS x (at, n) ON x.at = i) AS hours
    FROM daily d
), gone AS (
    DELETE FROM content_reach r
    WHERE site_id = $1 AND bucket = $3 AND EXISTS (SELECT FROM found)
      AND NOT EXISTS (SELECT FROM found f WHERE f.content_id = r.content_id)
    RETURNING 1
), changed AS (
    INSERT INTO content_reach AS r (site_id, bucket, content_id, visitors, hours)
    SELECT $1, $3, content_id, visitors, hours FROM found
    ON CONFLICT (site_id, bucket, content_id) DO UPDATE SET visitors = excluded.visitors, hours = excluded.hours
    WHERE r.hours IS DISTINCT FROM excluded.hours
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed)
