-- Counts anew how far media were watched, of the windows that began on a UTC day. $1 site_id, $2 day, $3 and $4 the instants
-- between which it lies. Where nothing is there at all, what was counted before
-- stays. -> rows that changed
WITH played AS MATERIALIZED (
    SELECT content_id, watched
    FROM content_window
    WHERE site_id = $1 AND played AND purge_id IS NULL AND started_at >= $3 AND started_at < $4
), bits AS (
    SELECT p.content_id, i, count(*) AS windows,
           count(*) FILTER (WHERE CASE WHEN i < 8 * octet_length(watched) THEN get_bit(watched, i) END = 1) AS seen
    FROM played p, generate_series(0, 99) i
    GROUP BY p.content_id, i
), found AS MATERIALIZED (
    SELECT content_id, max(windows) AS windows, array_agg(seen ORDER BY i) AS hundredths FROM bits GROUP BY content_id
), gone AS (
    DELETE FROM content_watched w
    WHERE site_id = $1 AND bucket = $2 AND EXISTS (SELECT FROM found)
      AND NOT EXISTS (SELECT FROM found f WHERE f.content_id = w.content_id)
    RETURNING 1
), changed AS (
    INSERT INTO content_watched AS w (site_id, content_id, bucket, since, windows, hundredths)
    SELECT $1, content_id, $2, $2, windows, hundredths FROM found
    ON CONFLICT (site_id, content_id, bucket) DO UPDATE SET windows = excluded.windows, hundredths = excluded.hundredths
    WHERE (w.windows, w.hundredths) IS DISTINCT FROM (excluded.windows, excluded.hundredths)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed)
