-- The items with most visitors of late: each weighs half after a half-life, and nothing beyond six. $1 site_id, $2 its zone, $3
-- half-life in seconds, $4 now, $5 first local day that may count, $6 true: visitors stand in the middle of their hour, else
-- of their day, $7 visitors that an item needs. -> content_id, score, visitors, 0, 0, 0; of each kind, owner and collection
-- the best 100
WITH parts AS (
    SELECT r.content_id, h.n, extract(epoch FROM $4::timestamptz - ((r.bucket::timestamp AT TIME ZONE $2) +
               (h.place - 0.5) * interval '1 hour'))::float8 AS age
    FROM content_reach r, unnest(r.hours) WITH ORDINALITY AS h (n, place)
    WHERE $6 AND r.site_id = $1 AND r.bucket >= $5::date AND h.n > 0
    UNION ALL
    SELECT content_id, visitors,
           extract(epoch FROM $4::timestamptz - ((bucket::timestamp AT TIME ZONE $2) + interval '12 hours'))::float8
    FROM content_reach
    WHERE NOT $6 AND site_id = $1 AND bucket >= $5::date
), found AS (
    SELECT content_id, sum(n * power(2::float8, -greatest(age, 0) / $3)) AS score, sum(n) AS visitors, 0 AS views,
           0 AS baseline, 0 AS exposure
    FROM parts
    WHERE age < 6 * $3::float8
    GROUP BY content_id
    HAVING sum(n) >= $7
), best AS (
    SELECT f.*, row_number() OVER (PARTITION BY c.kind, c.owner, c.collection ORDER BY score DESC, f.content_id) AS place
    FROM found f
    JOIN content c ON c.site_id = $1 AND c.content_id = f.content_id AND c.removed_at IS NULL AND NOT c.private
)
SELECT content_id, score, visitors, views, baseline, exposure FROM best WHERE place <= 100
