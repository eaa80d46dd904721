-- invariants.sql - what must hold between raw rows, rollups and counters at any time, whatever was killed before.
-- One row a broken rule and place; no rows = all is well. Needs all raw rows (no retention run yet) and sites whose time
-- zone was never changed. Definitions: src/drain/drain.h.
--   psql -X -q -At -f tests/lib/invariants.sql
SET timezone = 'UTC';
WITH human AS (
    SELECT e.*, s.time_zone,
        e.kind = 1 AS pageview, e.kind NOT IN (3, 9, 12, 13) AS counted, e.kind NOT IN (12, 13) AS active,
        e.content_id IS NOT NULL AND e.view_type <> 2 AND e.kind IN (1, 4) AS viewed,
        (e.ts AT TIME ZONE s.time_zone)::date AS local_day
    FROM event e JOIN site s USING (site_id) WHERE e.robot = 0
), visited AS (
    SELECT v.*, (v.started_at AT TIME ZONE s.time_zone)::date AS local_day,
        floor(extract(epoch FROM v.last_at - v.started_at))::bigint AS duration
    FROM visit v JOIN site s USING (site_id) WHERE v.purge_id IS NULL
), events_of_day AS (
    SELECT site_id, local_day AS day, count(*) FILTER (WHERE pageview) AS pageviews, count(*) FILTER (WHERE viewed) AS views,
        count(*) FILTER (WHERE counted) AS events, sum(engaged_ms) AS engaged_ms,
        count(DISTINCT visitor) FILTER (WHERE counted AND visitor <> 0) AS visitors
    FROM human GROUP BY 1, 2
), visits_of_day AS (
    SELECT site_id, local_day AS day, count(*) AS visits, count(*) FILTER (WHERE interactive <= 1) AS bounces,
        sum(duration) AS duration_s
    FROM visited GROUP BY 1, 2
), raw_day AS (
    SELECT site_id, day, coalesce(visits, 0) AS visits, coalesce(bounces, 0) AS bounces,
        coalesce(duration_s, 0) AS duration_s, coalesce(pageviews, 0) AS pageviews, coalesce(views, 0) AS views,
        coalesce(events, 0) AS events, coalesce(engaged_ms, 0) AS engaged_ms, coalesce(visitors, 0) AS visitors
    FROM events_of_day FULL JOIN visits_of_day USING (site_id, day)
), rolled_day AS (
    SELECT site_id, bucket AS day, visits, bounces, duration_s, pageviews, views, events, engaged_ms,
        hll_cardinality(visitors) AS visitors
    FROM rollup_day WHERE dim = 0
), rolled_hours AS (
    SELECT r.site_id, (r.bucket AT TIME ZONE s.time_zone)::date AS day, r.dim, r.value, sum(r.visits) AS visits,
        sum(r.bounces) AS bounces, sum(r.duration_s) AS duration_s, sum(r.pageviews) AS pageviews, sum(r.views) AS views,
        sum(r.events) AS events, sum(r.engaged_ms) AS engaged_ms, hll_cardinality(hll_union_agg(r.visitors)) AS visitors
    FROM rollup_hour r JOIN site s USING (site_id) GROUP BY 1, 2, 3, 4
), raw_visit AS (
    SELECT site_id, visit_id, visitor, min(ts) FILTER (WHERE active) AS started_at,
        max(ts) FILTER (WHERE active) AS last_at,
        count(*) FILTER (WHERE pageview) AS pageviews, count(*) FILTER (WHERE viewed) AS views,
        count(*) FILTER (WHERE counted) AS events, sum(engaged_ms) AS engaged_ms,
        count(*) FILTER (WHERE counted AND NOT (kind = 4 AND view_type = 2) AND flags & 2 = 0) AS interactive
    FROM human WHERE visit_id <> 0 GROUP BY 1, 2, 3
), item_event AS (
    SELECT site_id, local_day AS day, content_id, flags & 4 <> 0 AS auth, pageview::int AS pageviews, viewed::int AS views,
        (flags & 256 <> 0)::int AS uniques, counted::int AS events, engaged_ms,
        (view_type = 2 AND kind IN (1, 4))::int AS impressions, (viewed AND list IS NOT NULL)::int AS clicks,
        CASE WHEN measure_micros < 0 THEN -1 ELSE 1 END AS act, kind
    FROM human WHERE content_id IS NOT NULL
), raw_item AS (
    SELECT site_id, day, content_id, auth, sum(pageviews) AS pageviews, sum(views) AS views, sum(uniques) AS uniques,
        sum(events) AS events, sum(engaged_ms) AS engaged_ms, sum(impressions) AS impressions, sum(clicks) AS clicks,
        coalesce(sum(act) FILTER (WHERE kind = 5), 0) AS reactions, coalesce(sum(act) FILTER (WHERE kind = 6), 0) AS comments,
        coalesce(sum(act) FILTER (WHERE kind = 8), 0) AS shares, coalesce(sum(act) FILTER (WHERE kind = 7), 0) AS follows
    FROM item_event GROUP BY 1, 2, 3, 4
), item_hours AS (
    SELECT r.site_id, (r.bucket AT TIME ZONE s.time_zone)::date AS day, r.content_id, r.auth, sum(pageviews) AS pageviews,
        sum(views) AS views, sum(uniques) AS uniques, sum(r.qualified) AS qualified, sum(events) AS events,
        sum(engaged_ms) AS engaged_ms, sum(impressions) AS impressions, sum(clicks) AS clicks, sum(plays) AS plays,
        sum(completions) AS completions, sum(reactions) AS reactions, sum(comments) AS comments, sum(shares) AS shares,
        sum(follows) AS follows, hll_cardinality(hll_union_agg(visitors)) AS visitors
    FROM content_hour r JOIN site s USING (site_id) GROUP BY 1, 2, 3, 4
), raw_window AS (
    SELECT site_id, (started_at AT TIME ZONE s.time_zone)::date AS day, content_id, auth, count(*) AS uniques,
        count(*) FILTER (WHERE w.qualified) AS qualified, count(*) FILTER (WHERE played) AS plays,
        count(*) FILTER (WHERE completed) AS completions
    FROM content_window w JOIN site s USING (site_id) WHERE purge_id IS NULL GROUP BY 1, 2, 3, 4
)
SELECT 'a day''s total is not that of the raw rows' AS rule, site_id || ' ' || day AS place
FROM raw_day a FULL JOIN rolled_day b USING (site_id, day)
WHERE (a.visits, a.bounces, a.duration_s, a.pageviews, a.views, a.events, a.engaged_ms)
    IS DISTINCT FROM (b.visits, b.bounces, b.duration_s, b.pageviews, b.views, b.events, b.engaged_ms)
    AND NOT (a.site_id IS NULL AND (b.visits, b.bounces, b.duration_s, b.pageviews, b.views, b.events, b.engaged_ms)
        = (0, 0, 0, 0, 0, 0, 0))
    AND NOT (b.site_id IS NULL AND (a.visits, a.bounces, a.duration_s, a.pageviews, a.views, a.events, a.engaged_ms)
        = (0, 0, 0, 0, 0, 0, 0)) -- a day of reports alone has no row
UNION ALL SELECT 'a day''s visitors are not those of the raw rows', site_id || ' ' || day
FROM raw_day a JOIN rolled_day b USING (site_id, day)
WHERE abs(a.visitors - b.visitors) > CASE WHEN a.visitors <= 1280 THEN 0 ELSE 0.04 * a.visitors END
UNION ALL SELECT 'hours do not sum to the day', h.site_id || ' ' || h.day || ' ' || h.dim || ' ' || h.value
FROM rolled_hours h FULL JOIN rollup_day d ON (d.site_id, d.bucket, d.dim, d.value) = (h.site_id, h.day, h.dim, h.value)
WHERE (h.visits, h.bounces, h.duration_s, h.pageviews, h.views, h.events, h.engaged_ms, h.visitors) IS DISTINCT FROM
    (d.visits, d.bounces, d.duration_s, d.pageviews, d.views, d.events, d.engaged_ms, hll_cardinality(d.visitors))
UNION ALL SELECT 'a dimension of the visit does not sum to the total', site_id || ' ' || bucket || ' ' || dim
FROM rollup_day WHERE dim IN (0, 3, 4, 5, 6, 7, 8, 9, 17, 19, 20, 21, 22, 23, 24) GROUP BY site_id, bucket, dim
HAVING (sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events), sum(engaged_ms)) IS DISTINCT
    FROM (SELECT (visits::numeric, bounces::numeric, duration_s::numeric, pageviews::numeric, views::numeric,
              events::numeric, engaged_ms::numeric)
          FROM rollup_day t WHERE t.site_id = rollup_day.site_id AND t.bucket = rollup_day.bucket AND t.dim = 0)
UNION ALL SELECT 'a visit is not the sum of its events', site_id || ' ' || visit_id
FROM raw_visit a FULL JOIN (SELECT * FROM visit WHERE purge_id IS NULL) b USING (site_id, visitor, visit_id)
WHERE (a.started_at, a.last_at, a.pageviews, a.views, a.events, a.engaged_ms, a.interactive) IS DISTINCT FROM
    (b.started_at, b.last_at, b.pageviews, b.views, b.events, b.engaged_ms, b.interactive)
UNION ALL SELECT 'robots'' rows and their rollup differ', site_id || ' ' || a.day
FROM (SELECT site_id, (ts AT TIME ZONE time_zone)::date AS day, count(*) FILTER (WHERE kind NOT IN (3, 9, 12, 13)) AS events,
          count(*) FILTER (WHERE kind = 1) AS pageviews
      FROM event JOIN site USING (site_id) WHERE robot <> 0 GROUP BY 1, 2) a
LEFT JOIN (SELECT site_id, bucket AS day, sum(events) AS events, sum(pageviews) AS pageviews
      FROM rollup_day WHERE dim = 16 GROUP BY 1, 2) b USING (site_id, day)
WHERE (a.events, a.pageviews) IS DISTINCT FROM (coalesce(b.events, 0), coalesce(b.pageviews, 0))
-- A purge may leave a counter at a day of which nothing is left: then it says zero of that day.
UNION ALL SELECT 'a counter is not the count of its views', site_id || ' ' || content_id
FROM (SELECT site_id, content_id, count(*) AS total, max(h.local_day) AS day, count(*) FILTER (WHERE h.local_day = c.day) AS on_day,
          count(*) FILTER (WHERE date_trunc('month', h.local_day) = date_trunc('month', c.day)) AS in_month
      FROM human h LEFT JOIN content_counter c USING (site_id, content_id) WHERE h.viewed GROUP BY 1, 2) a
FULL JOIN content_counter b USING (site_id, content_id)
WHERE (coalesce(a.on_day, 0), coalesce(a.in_month, 0), coalesce(a.total, 0)) IS DISTINCT FROM
        (b.views_day, b.views_month, b.views_total)
    OR a.day > b.day OR (a.day < b.day OR a.day IS NULL) AND NOT EXISTS (SELECT FROM event e
        WHERE (e.site_id, e.content_id) = (b.site_id, b.content_id) AND e.purge_id IS NOT NULL)
UNION ALL SELECT 'an item''s day is not that of the raw rows', site_id || ' ' || day || ' ' || content_id
FROM raw_item a FULL JOIN (SELECT *, bucket AS day FROM content_day) b USING (site_id, day, content_id, auth)
WHERE (coalesce(a.pageviews, 0), coalesce(a.views, 0), coalesce(a.uniques, 0), coalesce(a.events, 0), coalesce(a.engaged_ms, 0),
    coalesce(a.impressions, 0), coalesce(a.clicks, 0), coalesce(a.reactions, 0), coalesce(a.comments, 0),
    coalesce(a.shares, 0), coalesce(a.follows, 0))
    IS DISTINCT FROM (coalesce(b.pageviews, 0), coalesce(b.views, 0), coalesce(b.uniques, 0), coalesce(b.events, 0),
    coalesce(b.engaged_ms, 0), coalesce(b.impressions, 0), coalesce(b.clicks, 0), coalesce(b.reactions, 0),
    coalesce(b.comments, 0), coalesce(b.shares, 0), coalesce(b.follows, 0))
UNION ALL SELECT 'an item''s windows are not those of its day', site_id || ' ' || day || ' ' || content_id
FROM raw_window a FULL JOIN (SELECT *, bucket AS day FROM content_day) b USING (site_id, day, content_id, auth)
WHERE (coalesce(a.uniques, 0), coalesce(a.qualified, 0), coalesce(a.plays, 0), coalesce(a.completions, 0))
    IS DISTINCT FROM (coalesce(b.uniques, 0), coalesce(b.qualified, 0), coalesce(b.plays, 0), coalesce(b.completions, 0))
UNION ALL SELECT 'an item''s hours do not sum to its day', site_id || ' ' || day || ' ' || content_id
FROM item_hours h FULL JOIN (SELECT *, bucket AS day FROM content_day) d USING (site_id, day, content_id, auth)
WHERE (h.pageviews, h.views, h.uniques, h.qualified, h.events, h.engaged_ms, h.impressions, h.clicks, h.plays, h.completions,
    h.reactions, h.comments, h.shares, h.follows, h.visitors) IS DISTINCT FROM (d.pageviews, d.views, d.uniques, d.qualified,
    d.events, d.engaged_ms, d.impressions, d.clicks, d.plays, d.completions, d.reactions, d.comments, d.shares, d.follows,
    hll_cardinality(d.visitors))
UNION ALL SELECT 'qualified <= unique <= raw does not hold', 'day ' || site_id || ' ' || bucket || ' ' || content_id
FROM content_day WHERE NOT (qualified <= uniques AND uniques <= views)
UNION ALL SELECT 'qualified <= unique <= raw does not hold', 'hour ' || site_id || ' ' || bucket || ' ' || content_id
FROM content_hour WHERE NOT (qualified <= uniques AND uniques <= views)
UNION ALL SELECT 'qualified <= unique <= raw does not hold', 'counter ' || site_id || ' ' || content_id
FROM content_counter WHERE NOT (qualified_day <= uniques_day AND uniques_day <= views_day AND qualified_month <= uniques_month
    AND uniques_month <= views_month AND qualified_total <= uniques_total AND uniques_total <= views_total)
UNION ALL SELECT 'the items'' views are not the site''s', t.site_id || ' ' || t.bucket
FROM (SELECT site_id, bucket, views FROM rollup_day WHERE dim = 0) t
FULL JOIN (SELECT site_id, bucket, sum(views) AS views FROM content_day GROUP BY 1, 2) i USING (site_id, bucket)
WHERE coalesce(t.views, 0) <> coalesce(i.views, 0)
UNION ALL SELECT 'days do not sum to the made month', d.site_id || ' ' || d.month || ' ' || d.dim || ' ' || d.value
FROM (SELECT r.site_id, date_trunc('month', r.bucket)::date AS month, dim, value, sum(visits) AS visits, sum(bounces) AS bounces,
          sum(duration_s) AS duration_s, sum(pageviews) AS pageviews, sum(views) AS views, sum(events) AS events,
          sum(engaged_ms) AS engaged_ms, hll_cardinality(hll_union_agg(visitors)) AS visitors
      FROM rollup_day r JOIN rollup_month_made m ON m.site_id = r.site_id AND m.bucket = date_trunc('month', r.bucket)
      GROUP BY 1, 2, 3, 4) d
FULL JOIN rollup_month m ON (m.site_id, m.bucket, m.dim, m.value) = (d.site_id, d.month, d.dim, d.value)
WHERE (d.visits, d.bounces, d.duration_s, d.pageviews, d.views, d.events, d.engaged_ms, d.visitors) IS DISTINCT FROM
    (m.visits, m.bounces, m.duration_s, m.pageviews, m.views, m.events, m.engaged_ms, hll_cardinality(m.visitors))
UNION ALL SELECT 'days do not sum to the made week', d.site_id || ' ' || d.week || ' ' || d.dim || ' ' || d.value
FROM (SELECT r.site_id, date_trunc('week', r.bucket)::date AS week, dim, value, sum(visits) AS visits, sum(bounces) AS bounces,
          sum(duration_s) AS duration_s, sum(pageviews) AS pageviews, sum(views) AS views, sum(events) AS events,
          sum(engaged_ms) AS engaged_ms, hll_cardinality(hll_union_agg(visitors)) AS visitors
      FROM rollup_day r JOIN rollup_week_made m ON m.site_id = r.site_id AND m.bucket = date_trunc('week', r.bucket)
      GROUP BY 1, 2, 3, 4) d
FULL JOIN (SELECT w.* FROM rollup_week w JOIN rollup_week_made USING (site_id, bucket)) m
    ON (m.site_id, m.bucket, m.dim, m.value) = (d.site_id, d.week, d.dim, d.value)
WHERE (d.visits, d.bounces, d.duration_s, d.pageviews, d.views, d.events, d.engaged_ms, d.visitors) IS DISTINCT FROM
    (m.visits, m.bounces, m.duration_s, m.pageviews, m.views, m.events, m.engaged_ms, hll_cardinality(m.visitors))
UNION ALL SELECT 'days of items do not sum to the made week', d.site_id || ' ' || d.week || ' ' || d.content_id
FROM (SELECT r.site_id, date_trunc('week', r.bucket)::date AS week, content_id, auth, sum(views) AS views,
          sum(uniques) AS uniques, sum(qualified) AS qualified, sum(reactions) AS reactions
      FROM content_day r JOIN rollup_week_made m ON m.site_id = r.site_id AND m.bucket = date_trunc('week', r.bucket)
      GROUP BY 1, 2, 3, 4) d
FULL JOIN (SELECT w.* FROM content_week w JOIN rollup_week_made USING (site_id, bucket)) m
    ON (m.site_id, m.bucket, m.content_id, m.auth) = (d.site_id, d.week, d.content_id, d.auth)
WHERE (d.views, d.uniques, d.qualified, d.reactions) IS DISTINCT FROM (m.views, m.uniques, m.qualified, m.reactions)
UNION ALL SELECT 'an item''s views by a dimension do not sum to its day', a.site_id || ' ' || a.bucket || ' ' || a.content_id || ' ' || dim
FROM (SELECT site_id, bucket, content_id, dim, sum(views) AS views, sum(uniques) AS uniques FROM content_day_by GROUP BY 1, 2, 3, 4) a
JOIN (SELECT site_id, bucket, content_id, sum(views) AS views, sum(uniques) AS uniques FROM content_day GROUP BY 1, 2, 3) b
    USING (site_id, bucket, content_id)
WHERE (a.views, a.uniques) IS DISTINCT FROM (b.views, b.uniques)
UNION ALL SELECT 'visits have more entries or exits than there are visits', site_id || ' ' || bucket
FROM rollup_day WHERE dim IN (0, 25, 26, 27, 28) GROUP BY site_id, bucket
HAVING greatest(sum(visits) FILTER (WHERE dim = 25), sum(visits) FILTER (WHERE dim = 26), sum(visits) FILTER (WHERE dim = 27),
    sum(visits) FILTER (WHERE dim = 28)) > coalesce(sum(visits) FILTER (WHERE dim = 0), 0)
UNION ALL SELECT 'a window overlaps another', a.site_id || ' ' || a.content_id || ' ' || a.started_at
FROM content_window a JOIN content_window b USING (site_id, content_id, visitor) JOIN site s USING (site_id)
WHERE s.unique_windows = '30m video=24h' AND a.purge_id IS NULL AND b.purge_id IS NULL AND a.started_at < b.started_at AND b.started_at < a.started_at + interval '30 minutes'
UNION ALL SELECT 'a window was not begun by a unique view', w.site_id || ' ' || w.event_id
FROM content_window w WHERE purge_id IS NULL AND NOT EXISTS (SELECT FROM event e WHERE e.site_id = w.site_id AND e.ts = w.started_at
    AND e.event_id = w.event_id AND e.flags & 256 <> 0 AND e.robot = 0 AND e.content_id = w.content_id)
UNION ALL SELECT 'an item''s collection is not its last membership', c.site_id || ' ' || c.content_id
FROM content c
WHERE c.collection <> coalesce((SELECT m.collection FROM content_membership m
    WHERE m.site_id = c.site_id AND m.content_id = c.content_id AND m.until IS NULL ORDER BY m.since DESC LIMIT 1), '')
UNION ALL SELECT 'a client''s event id was stored twice', site_id || ' ' || event_id
FROM event WHERE flags & 1 <> 0 AND flags & 8 = 0 GROUP BY site_id, event_id HAVING count(*) > 1
UNION ALL SELECT 'an event names a visit that is not there', e.site_id || ' ' || e.visit_id
FROM event e WHERE e.visit_id <> 0 AND NOT EXISTS (SELECT FROM visit v
    WHERE (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id))
UNION ALL SELECT 'records taken and rows made differ', taken || ' ' || made
FROM (SELECT (SELECT coalesce(sum(events), 0) FROM spool_position) AS taken,
          (SELECT count(*) FROM event) + (SELECT count(*) FROM bad_record)
          + (SELECT coalesce(sum(n), 0) FROM drain_count WHERE reason = 17) AS made) x
WHERE taken <> made
