-- A list as it is now. $1 site_id, $2 list, $3 days, $4 content ids, $5 scores, $6 visitors, $7 views, $8 baselines, $9
-- exposures, $10 when, $11 settings. -> items
WITH found AS MATERIALIZED (
    SELECT * FROM unnest($4::bigint[], $5::float8[], $6::bigint[], $7::bigint[], $8::float8[], $9::float8[])
        AS f (content_id, score, visitors, views, baseline, exposure)
), gone AS (
    DELETE FROM content_list
    WHERE site_id = $1 AND list = $2 AND days = $3 AND content_id NOT IN (SELECT content_id FROM found)
), made AS (
    INSERT INTO content_list_made (site_id, list, days, made_at, settings)
    VALUES ($1, $2, $3, $10, $11::bigint[])
    ON CONFLICT (site_id, list, days) DO UPDATE SET made_at = excluded.made_at, settings = excluded.settings
), kept AS (
    INSERT INTO content_list AS l (site_id, list, days, content_id, score, visitors, views, baseline, exposure)
    SELECT $1, $2, $3, content_id, score, visitors, views, baseline, exposure FROM found
    ON CONFLICT (site_id, list, days, content_id) DO UPDATE SET score = excluded.score, visitors = excluded.visitors,
        views = excluded.views, baseline = excluded.baseline, exposure = excluded.exposure
    WHERE (l.score, l.visitors, l.views, l.baseline, l.exposure)
        IS DISTINCT FROM (excluded.score, excluded.visitors, excluded.views, excluded.baseline, excluded.exposure)
)
SELECT count(*) FROM found
