-- What the drain rolled up (rollup_day, rollup_hour) against what follows from the single events and visits, for each
-- dimension: rows, rows too many, rows missing, rows that differ. The site's zone is the variable :zone.
SET timezone = 'UTC';
CREATE FUNCTION lab(t text) RETURNS int LANGUAGE sql STABLE AS $$ SELECT label_id FROM label WHERE site_id = 1 AND value = t $$;
CREATE FUNCTION hour_of(t timestamptz, zone text) RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT t - ((t AT TIME ZONE zone) - date_trunc('hour', t AT TIME ZONE zone)) $$;
CREATE VIEW fact AS
  SELECT e.ts AS t, d.dim, d.value, 0 AS visits, 0 AS bounces, 0 AS duration_s, (kind = 1)::int AS pageviews,
    (kind IN (1, 4) AND view_type <> 2 AND content_id IS NOT NULL AND robot = 0)::int AS views,
    (kind NOT IN (3, 9, 12, 13))::int AS events,
    CASE WHEN robot = 0 THEN e.engaged_ms ELSE 0 END AS engaged_ms,
    CASE WHEN e.visitor <> 0 AND kind NOT IN (3, 9, 12, 13) AND robot = 0 THEN e.visitor END AS visitor
  FROM event e LEFT JOIN visit s ON s.visit_id = e.visit_id AND e.visit_id <> 0,
  LATERAL (SELECT kind IN (1, 4) AND content_id IS NOT NULL AS shown) w,
  LATERAL (VALUES (0, 0::bigint), (1, nullif(e.path, lab(''))), (2, e.content_id), (3, s.source), (4, s.channel),
    (5, s.referrer), (6, s.country), (7, s.device), (8, s.browser), (9, s.os), (10, nullif(s.utm_source, lab(''))),
    (11, nullif(s.utm_medium, lab(''))), (12, nullif(s.utm_campaign, lab(''))), (13, nullif(s.utm_content, lab(''))),
    (14, nullif(s.utm_term, lab(''))), (15, CASE WHEN kind NOT IN (3, 9, 12, 13) THEN e.name END), (16, e.robot),
    (17, coalesce(s.auth::int, (flags & 4) / 4)), (18, nullif(e.hostname, lab(''))), (19, s.screen), (20, s.browser_version),
    (21, s.os_version), (22, s.region), (23, s.city), (24, s.language), (25, nullif(s.entry_page, lab(''))),
    (27, nullif(s.entry_hostname, lab(''))), (32, CASE WHEN shown THEN e.view_type END), (33, CASE WHEN shown THEN e.view_source END)) d (dim, value)
  WHERE d.value IS NOT NULL AND (e.robot <> 0) = (d.dim = 16)
  UNION ALL
  SELECT s.started_at, d.dim, d.value, 1, (s.interactive <= 1)::int, floor(extract(epoch FROM s.last_at - s.started_at)),
    0, 0, 0, 0, NULL
  FROM visit s,
  LATERAL (VALUES (0, 0::bigint), (3, s.source), (4, s.channel), (5, s.referrer), (6, s.country), (7, s.device),
    (8, s.browser), (9, s.os), (10, nullif(s.utm_source, lab(''))), (11, nullif(s.utm_medium, lab(''))),
    (12, nullif(s.utm_campaign, lab(''))), (13, nullif(s.utm_content, lab(''))), (14, nullif(s.utm_term, lab(''))),
    (17, s.auth::int), (19, s.screen), (20, s.browser_version), (21, s.os_version), (22, s.region), (23, s.city),
    (24, s.language), (25, nullif(s.entry_page, lab(''))), (26, nullif(s.exit_page, lab(''))),
    (27, nullif(s.entry_hostname, lab(''))), (28, nullif(s.exit_hostname, lab('')))) d (dim, value)
  WHERE d.value IS NOT NULL;
WITH want AS (
  SELECT 'day' AS step, (t AT TIME ZONE :'zone')::date::text AS bucket, fact.* FROM fact
  UNION ALL SELECT 'hour', hour_of(t, :'zone')::text, fact.* FROM fact
), sums AS (
  SELECT step, bucket, dim, value, sum(visits) AS visits, sum(bounces) AS bounces, sum(duration_s) AS duration_s,
    sum(pageviews) AS pageviews, sum(views) AS views, sum(events) AS events, sum(engaged_ms) AS engaged_ms,
    count(DISTINCT visitor) AS visitors
  FROM want GROUP BY 1, 2, 3, 4
), rolled AS (
  SELECT 'day' AS step, bucket::text, 2 AS dim, content_id AS value, 0 AS visits, 0 AS bounces, 0 AS duration_s,
    sum(pageviews) AS pageviews, sum(views) AS views, sum(events) AS events, sum(engaged_ms) AS engaged_ms,
    hll_union_agg(visitors) AS visitors
  FROM content_day GROUP BY bucket, content_id
  UNION ALL
  SELECT 'hour', bucket::text, 2, content_id, 0, 0, 0, sum(pageviews), sum(views), sum(events), sum(engaged_ms),
    hll_union_agg(visitors)
  FROM content_hour GROUP BY bucket, content_id
  UNION ALL
  SELECT 'day' AS step, bucket::text, dim, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, visitors
  FROM rollup_day
  UNION ALL
  SELECT 'hour', bucket::text, dim, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, visitors
  FROM rollup_hour
)
SELECT step, dim, count(*), count(*) FILTER (WHERE s IS NULL) AS extra, count(*) FILTER (WHERE r IS NULL) AS missing,
  count(*) FILTER (WHERE (s.visits, s.bounces, s.duration_s, s.pageviews, s.views, s.events, s.engaged_ms, s.visitors) IS DISTINCT
    FROM (r.visits, r.bounces, r.duration_s, r.pageviews, r.views, r.events, r.engaged_ms, round(hll_cardinality(r.visitors)))) AS differ
FROM sums s FULL JOIN (SELECT * FROM rolled WHERE visits <> 0 OR events <> 0 OR engaged_ms <> 0) r USING (step, bucket, dim, value)
GROUP BY 1, 2 ORDER BY 1, 2;
