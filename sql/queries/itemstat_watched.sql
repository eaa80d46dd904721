-- How far an item was watched. $1 site_id, $2 content_id. -> hundredth from 1, windows that saw it, all windows, first and
-- last day of them; no rows where it was not
WITH days AS MATERIALIZED (
    SELECT windows, since, bucket, hundredths FROM content_watched WHERE site_id = $1 AND content_id = $2
), span AS (
    SELECT sum(windows) AS windows, min(since) AS since,
           greatest(max(bucket), (SELECT until FROM content_swept WHERE site_id = $1 AND task = 3)) AS until
    FROM days
)
SELECT h.place, sum(h.seen), span.windows, span.since, span.until
FROM days, unnest(days.hundredths) WITH ORDINALITY AS h (seen, place), span
GROUP BY h.place, span.windows, span.since, span.until
ORDER BY h.place
