-- The items that rise above their own past: n visitors in the last days, against b in the days before, of which there were m
-- times as many. Both are Poisson; given n + b, n is binomial, and Wilson's lower bound for its share (z = $8) gives the least
-- rate that is credible, in multiples of the past one. One visitor more than there was is taken for the past. $1 site_id, $2
-- its zone, $3 days, $4 now, $5 today, $6 days of the past at most, $7 visitors that an item needs, $9 the least multiple in
-- percent. -> content_id, that multiple, n, 0, visitors expected from the past, m; of each kind, owner and collection the
-- best 100
WITH lately AS (
    SELECT r.content_id, sum(h.n) AS n
    FROM content_reach r, unnest(r.hours) WITH ORDINALITY AS h (n, place)
    WHERE r.site_id = $1 AND r.bucket >= $5::date - $3::int
      AND (r.bucket::timestamp AT TIME ZONE $2) + (h.place - 1) * interval '1 hour' > $4::timestamptz - $3::int * interval '1 day'
    GROUP BY r.content_id
    HAVING sum(h.n) >= $7
), past AS (
    SELECT content_id, sum(visitors) AS b, min(bucket) AS first
    FROM content_reach
    WHERE site_id = $1 AND bucket BETWEEN $5::date - $3::int - $6::int AND $5::date - $3::int - 1
    GROUP BY content_id
), known AS (
    SELECT l.content_id, l.n::float8 AS n, coalesce(p.b, 0)::float8 AS b,
           ($5::date - $3::int - greatest($5::date - $3::int - $6::int, least(p.first,
               (c.created_at AT TIME ZONE $2)::date, (c.published_at AT TIME ZONE $2)::date)))::float8 / $3::int AS m
    FROM lately l
    JOIN content c ON c.site_id = $1 AND c.content_id = l.content_id
    LEFT JOIN past p ON p.content_id = l.content_id
), shares AS (
    SELECT content_id, n, b, m, n + b + 1 AS total, n / (n + b + 1) AS p, $8::float8 AS z
    FROM known
    WHERE m >= 1
), bounds AS (
    SELECT *, (p + z * z / (2 * total) - z * sqrt(p * (1 - p) / total + z * z / (4 * total * total))) / (1 + z * z / total) AS low
    FROM shares
), found AS (
    SELECT content_id, low / (1 - low) * m AS score, n AS visitors, 0 AS views, b / m AS baseline, m AS exposure
    FROM bounds
    WHERE low / (1 - low) * m >= $9::float8 / 100
), best AS (
    SELECT f.*, row_number() OVER (PARTITION BY c.kind, c.owner, c.collection ORDER BY score DESC, f.content_id) AS place
    FROM found f
    JOIN content c ON c.site_id = $1 AND c.content_id = f.content_id AND c.removed_at IS NULL AND NOT c.private
)
SELECT content_id, score, visitors, views, baseline, exposure FROM best WHERE place <= 100
