-- Adds up the days whose single rows may be gone soon: one row for each item. $1 site_id, $2 the last of them, $3 now. -> rows
WITH old AS (
    DELETE FROM content_watched WHERE site_id = $1 AND bucket > '-infinity' AND bucket <= $2
    RETURNING content_id, windows, since, hundredths
), parts AS (
    SELECT o.content_id, h.place, sum(h.seen)::bigint AS seen
    FROM old o, unnest(o.hundredths) WITH ORDINALITY AS h (seen, place)
    GROUP BY o.content_id, h.place
), sums AS (
    SELECT content_id, array_agg(seen ORDER BY place) AS hundredths FROM parts GROUP BY content_id
), heads AS (
    SELECT content_id, sum(windows)::bigint AS windows, min(since) AS since FROM old GROUP BY content_id
), done AS (
    INSERT INTO content_swept (site_id, task, swept_at, until)
    VALUES ($1, 3, $3, $2)
    ON CONFLICT (site_id, task) DO UPDATE SET until = greatest(content_swept.until, excluded.until)
), folded AS (
    INSERT INTO content_watched AS w (site_id, content_id, bucket, since, windows, hundredths)
    SELECT $1, content_id, '-infinity', since, windows, hundredths FROM heads JOIN sums USING (content_id)
    ON CONFLICT (site_id, content_id, bucket) DO UPDATE SET windows = w.windows + excluded.windows,
        since = least(w.since, excluded.since),
        hundredths = (SELECT array_agg(x.a + x.b ORDER BY x.place)
                      FROM unnest(w.hundredths, excluded.hundredths) WITH ORDINALITY AS x (a, b, place))
)
SELECT count(*) FROM old
