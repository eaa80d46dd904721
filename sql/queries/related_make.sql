-- For each item those that its visitors saw too, by cosine: visitors of both by the geometric mean of the visitors of each.
-- $1 site_id, $2 first day that counts, $3 visitors of both that are needed, $4 items for each, $5 when, $6 settings.
-- -> rows that changed
WITH pairs AS MATERIALIZED (
    SELECT item, other, sum(visitors) AS n FROM content_together WHERE site_id = $1 AND bucket >= $2 GROUP BY item, other
), both_ways AS (
    SELECT item, other, n FROM pairs WHERE item <> other AND n >= $3
    UNION ALL
    SELECT other, item, n FROM pairs WHERE item <> other AND n >= $3
), scored AS (
    SELECT p.item, p.other, p.n, a.n AS of_item, b.n AS of_other, p.n / sqrt(a.n::float8 * b.n::float8) AS score
    FROM both_ways p
    JOIN pairs a ON a.item = p.item AND a.other = p.item
    JOIN pairs b ON b.item = p.other AND b.other = p.other
    JOIN content c ON c.site_id = $1 AND c.content_id = p.other AND c.removed_at IS NULL AND NOT c.private
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY item ORDER BY score DESC, n DESC, other) AS place FROM scored
), found AS MATERIALIZED (
    SELECT * FROM placed WHERE place <= $4
), gone AS (
    DELETE FROM content_related r
    WHERE site_id = $1 AND NOT EXISTS (SELECT FROM found f WHERE f.item = r.item AND f.place = r.place)
    RETURNING 1
), made AS (
    INSERT INTO content_list_made (site_id, list, days, made_at, settings)
    VALUES ($1, 4, 0, $5, $6::bigint[])
    ON CONFLICT (site_id, list, days) DO UPDATE SET made_at = excluded.made_at, settings = excluded.settings
), changed AS (
    INSERT INTO content_related AS r (site_id, item, place, other, score, shared, of_item, of_other)
    SELECT $1, item, place, other, score, n, of_item, of_other FROM found
    ON CONFLICT (site_id, item, place) DO UPDATE SET other = excluded.other, score = excluded.score, shared = excluded.shared,
        of_item = excluded.of_item, of_other = excluded.of_other
    WHERE (r.other, r.score, r.shared, r.of_item, r.of_other)
        IS DISTINCT FROM (excluded.other, excluded.score, excluded.shared, excluded.of_item, excluded.of_other)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM changed)
