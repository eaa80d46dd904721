-- Counts anew which items were seen by the same visitors on a local day. $1 site_id, $2 day, $3 and $4 the instants between
-- which it lies, $5 true: unique views are enough, $6 items of a visitor at most: its first ones, $7 pairs at most: those of
-- most visitors. Where nothing is there at all, what was counted before
-- stays. -> rows that changed
WITH seen AS (
    SELECT visitor, content_id, row_number() OVER (PARTITION BY visitor ORDER BY min(started_at), content_id) AS place
    FROM content_window
    WHERE site_id = $1 AND (qualified OR $5) AND purge_id IS NULL AND started_at >= $3 AND started_at < $4
    GROUP BY visitor, content_id
), few AS MATERIALIZED (
    SELECT visitor, content_id FROM seen WHERE place <= $6
), pairs AS MATERIALIZED (
    SELECT a.content_id AS item, b.content_id AS other, count(*)::int AS visitors
    FROM few a JOIN few b ON b.visitor = a.visitor AND b.content_id >= a.content_id
    GROUP BY a.content_id, b.content_id
), found AS MATERIALIZED (
    SELECT item, other, visitors FROM pairs WHERE item = other
    UNION ALL
    (SELECT item, other, visitors FROM pairs WHERE item <> other ORDER BY visitors DESC, item, other LIMIT $7)
), gone AS (
    DELETE FROM content_together t
    WHERE site_id = $1 AND bucket = $2 AND EXISTS (SELECT FROM found)
      AND NOT EXISTS (SELECT FROM found f WHERE f.item = t.item AND f.other = t.other)
    RETURNING 1
), changed AS (
    INSERT INTO content_together AS t (site_id, bucket, item, other, visitors)
    SELECT $1, $2, item, other, visitors FROM found
    ON CONFLICT (site_id, bucket, item, other) DO UPDATE SET visitors = excluded.visitors
    WHERE t.visitors <> excluded.visitors
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed)
