-- The items with most unique views. $1 site_id, $2 days: 0 all, 1 the last 24 hours, else local days, $3 for hours: after this
-- instant, $4 for days: after this local day. -> content_id, score, unique views, raw views, 0, 0; of each kind, owner and
-- collection the best 100
WITH figures AS (
    SELECT content_id, uniques_total AS uniques, views_total AS views FROM content_counter WHERE site_id = $1 AND $2 = 0
    UNION ALL
    SELECT content_id, uniques, views FROM content_hour WHERE site_id = $1 AND $2 = 1 AND bucket > $3::timestamptz
    UNION ALL
    SELECT content_id, uniques, views FROM content_day WHERE site_id = $1 AND $2 > 1 AND bucket > $4::date
), found AS (
    SELECT content_id, sum(uniques)::float8 AS score, sum(uniques) AS visitors, sum(views) AS views, 0 AS baseline, 0 AS exposure
    FROM figures
    GROUP BY content_id
    HAVING sum(views) > 0
), best AS (
    SELECT f.*, row_number() OVER (PARTITION BY c.kind, c.owner, c.collection
           ORDER BY score DESC, views DESC, f.content_id) AS place
    FROM found f
    JOIN content c ON c.site_id = $1 AND c.content_id = f.content_id AND c.removed_at IS NULL AND NOT c.private
)
SELECT content_id, score, visitors, views, baseline, exposure FROM best WHERE place <= 100
