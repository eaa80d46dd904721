-- == Jobs ==
DROP TABLE signature_seen;
DROP TABLE task_ask;
ALTER TABLE task DROP COLUMN started_at, DROP COLUMN holder;
DROP TABLE task_known;

-- == Lists and public counters ==
DROP INDEX content_in;
DROP INDEX content_owner;
DROP TABLE content_swept;
DROP TABLE content_related;
DROP TABLE content_together;
DROP TABLE content_list_made;
DROP TABLE content_list;
DROP TABLE content_reach;
DROP TABLE content_watched;
ALTER TABLE site DROP COLUMN public_counters;

-- == Access ==
DROP TABLE site_removed;
DROP TABLE share_pass;
DROP TABLE share_link;
DROP TABLE account_site;
ALTER TABLE account DROP COLUMN every_site;

-- == Retention ==
DROP FUNCTION footfall_kept(int[], timestamptz, bigint, bigint, bigint);
DROP TABLE raw_restored;
DROP TABLE archived;
DROP TABLE site_kept;
DROP TABLE day_told;
DROP TABLE event_told;
ALTER TABLE site
    DROP COLUMN retention_raw,
    DROP COLUMN retention_hours,
    DROP COLUMN retention_days,
    DROP COLUMN archive;

-- == Goals and segments ==
DROP TABLE segment;
DROP TABLE goal;

-- == Rollups ==
DROP FUNCTION footfall_recount_by, footfall_recount_items, footfall_recount, footfall_day_events, footfall_traits_dims,
    footfall_exit_dims, footfall_visit_dims, footfall_dim_text, footfall_robot_purged, footfall_flag_unique,
    footfall_flag_auth, footfall_type_listing, footfall_kind_shows, footfall_kind_quiet;
ALTER TABLE event DROP COLUMN traits;
ALTER TABLE visit DROP COLUMN entry_hostname, DROP COLUMN exit_hostname;
DELETE FROM rollup_hour WHERE dim > 17;
DELETE FROM rollup_day WHERE dim > 17;
ALTER TABLE site DROP COLUMN rolled_since, DROP COLUMN values_max;
DROP TABLE content_day_by;
DROP TABLE rollup_month_made;
DROP TABLE content_month;
DROP TABLE rollup_month;
DROP TABLE rollup_unsettled;

-- As in 0002.
CREATE FUNCTION footfall_visit_dims(v visit, no_text int) RETURNS TABLE (dim smallint, value bigint) LANGUAGE sql STABLE AS $$
    SELECT d.dim::smallint, d.value
    FROM (VALUES (0, 0::bigint), (3, v.source), (4, v.channel), (5, v.referrer), (6, v.country), (7, v.device),
                 (8, v.browser), (9, v.os), (10, nullif(v.utm_source, no_text)), (11, nullif(v.utm_medium, no_text)),
                 (12, nullif(v.utm_campaign, no_text)), (13, nullif(v.utm_content, no_text)), (14, nullif(v.utm_term, no_text)),
                 (17, v.auth::int)) AS d(dim, value)
    WHERE d.value IS NOT NULL
$$;

CREATE FUNCTION footfall_event_dims(e event, v visit, no_text int) RETURNS TABLE (dim smallint, value bigint)
LANGUAGE sql STABLE AS $$
    SELECT dim, value FROM footfall_visit_dims(v, no_text)
    UNION ALL
    SELECT d.dim::smallint, d.value
    FROM (VALUES (1, nullif(e.path, no_text)::bigint),
                 (15, CASE WHEN e.kind NOT IN (3, 9, 12, 13) THEN e.name END)) AS d(dim, value)
    WHERE d.value IS NOT NULL
$$;

CREATE FUNCTION footfall_purge_sums(of_site int, of_purge bigint)
RETURNS TABLE (dim smallint, hour timestamptz, day date, value bigint, visits bigint, bounces bigint, duration_s bigint,
               pageviews bigint, views bigint, events bigint, engaged_ms bigint)
LANGUAGE sql STABLE AS $$
    WITH place AS MATERIALIZED (
        SELECT s.time_zone AS zone, l.label_id AS no_text, p.from_at, p.to_at + interval '2 days' AS to_at
        FROM site s JOIN label l ON l.site_id = s.site_id AND l.value = '' JOIN purge p ON p.site_id = s.site_id
        WHERE s.site_id = of_site AND p.purge_id = of_purge
    ), gone AS (
        SELECT e, v, e.ts AS at, e.kind IN (3, 9, 12, 13) AS quiet
        FROM place
        JOIN event e ON e.site_id = of_site AND e.purge_id = of_purge AND e.ts >= place.from_at AND e.ts < place.to_at
        JOIN visit v ON (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id)
    ), parts AS (
        SELECT d.dim, g.at, d.value, 0 AS visits, 0 AS bounces, 0 AS duration_s, ((g.e).kind = 1)::int AS pageviews,
            ((g.e).kind IN (1, 4) AND (g.e).view_type <> 2 AND (g.e).content_id IS NOT NULL)::int AS views,
            (NOT g.quiet)::int AS events, (g.e).engaged_ms AS engaged_ms
        FROM gone g, place, LATERAL footfall_event_dims(g.e, g.v, place.no_text) d
        UNION ALL
        SELECT 16, g.at, 8, 0, 0, 0, -((g.e).kind = 1)::int, 0, -1, 0 FROM gone g WHERE NOT g.quiet
        UNION ALL
        SELECT d.dim, v.started_at, d.value, 1, (v.interactive <= 1)::int,
            floor(extract(epoch FROM v.last_at - v.started_at))::int, 0, 0, 0, 0
        FROM place
        JOIN visit v ON v.site_id = of_site AND v.purge_id = of_purge AND v.day >= place.from_at::date - 1
            AND v.day <= place.to_at::date,
        LATERAL footfall_visit_dims(v, place.no_text) d
    )
    SELECT dim, footfall_hour(at, zone), (at AT TIME ZONE zone)::date, value, sum(visits), sum(bounces), sum(duration_s),
        sum(pageviews), sum(views), sum(events), sum(engaged_ms)
    FROM parts, place
    GROUP BY 1, 2, 3, 4
$$;

CREATE FUNCTION footfall_purge_others(of_site int, of_purge bigint)
RETURNS TABLE (dim smallint, hour timestamptz, day date, value bigint, visitor bigint)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT d.dim, footfall_hour(e.ts, s.time_zone), (e.ts AT TIME ZONE s.time_zone)::date, d.value, e.visitor
    FROM site s
    JOIN label l ON l.site_id = s.site_id AND l.value = ''
    JOIN purge p ON p.site_id = s.site_id
    JOIN event e ON e.site_id = of_site AND e.robot = 0 AND e.visitor <> 0 AND e.kind NOT IN (3, 9, 12, 13)
        AND e.ts >= p.from_at - interval '2 days' AND e.ts < p.to_at + interval '3 days'
    JOIN visit v ON (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id),
    LATERAL footfall_event_dims(e, v, l.label_id) d
    WHERE s.site_id = of_site AND p.purge_id = of_purge
$$;

CREATE FUNCTION footfall_purge_items(of_site int, of_purge bigint)
RETURNS TABLE (hour timestamptz, day date, content_id bigint, auth boolean, pageviews bigint, views bigint, uniques bigint,
               qualified bigint, events bigint, engaged_ms bigint, impressions bigint, clicks bigint, plays bigint,
               completions bigint, reactions bigint, comments bigint, shares bigint, follows bigint)
LANGUAGE sql STABLE AS $$
    WITH place AS MATERIALIZED (
        SELECT s.time_zone AS zone, p.from_at, p.to_at + interval '2 days' AS to_at
        FROM site s JOIN purge p ON p.site_id = s.site_id
        WHERE s.site_id = of_site AND p.purge_id = of_purge
    ), parts AS (
        SELECT e.ts AS at, e.content_id, e.flags & 4 <> 0 AS auth, e.kind, e.view_type,
            e.kind IN (1, 4) AND e.view_type <> 2 AS viewed, e.flags & 256 <> 0 AS uniq, e.engaged_ms,
            e.list IS NOT NULL AS listed, CASE WHEN e.measure_micros < 0 THEN -1 ELSE 1 END AS act,
            false AS qualified, false AS played, false AS completed
        FROM place
        JOIN event e ON e.site_id = of_site AND e.purge_id = of_purge AND e.ts >= place.from_at AND e.ts < place.to_at
        WHERE e.content_id IS NOT NULL
        UNION ALL
        SELECT w.started_at, w.content_id, w.auth, 3, 0, false, false, 0, false, 0, w.qualified, w.played, w.completed
        FROM place
        JOIN content_window w ON w.site_id = of_site AND w.purge_id = of_purge AND w.started_at >= place.from_at
            AND w.started_at < place.to_at
    )
    SELECT footfall_hour(at, zone), (at AT TIME ZONE zone)::date, content_id, auth, count(*) FILTER (WHERE kind = 1),
        count(*) FILTER (WHERE viewed), count(*) FILTER (WHERE uniq), count(*) FILTER (WHERE qualified),
        count(*) FILTER (WHERE kind NOT IN (3, 9, 12, 13)), sum(parts.engaged_ms),
        count(*) FILTER (WHERE kind IN (1, 4) AND view_type = 2), count(*) FILTER (WHERE viewed AND listed),
        count(*) FILTER (WHERE played), count(*) FILTER (WHERE completed), coalesce(sum(act) FILTER (WHERE kind = 5), 0),
        coalesce(sum(act) FILTER (WHERE kind = 6), 0), coalesce(sum(act) FILTER (WHERE kind = 8), 0),
        coalesce(sum(act) FILTER (WHERE kind = 7), 0)
    FROM parts, place
    GROUP BY 1, 2, 3, 4
$$;

CREATE FUNCTION footfall_purge_item_others(of_site int, of_purge bigint)
RETURNS TABLE (hour timestamptz, day date, content_id bigint, auth boolean, visitor bigint)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT footfall_hour(e.ts, s.time_zone), (e.ts AT TIME ZONE s.time_zone)::date, e.content_id, e.flags & 4 <> 0,
        e.visitor
    FROM site s
    JOIN purge p ON p.site_id = s.site_id
    JOIN event e ON e.site_id = of_site AND e.robot = 0 AND e.visitor <> 0 AND e.kind NOT IN (3, 9, 12, 13)
        AND e.ts >= p.from_at - interval '2 days' AND e.ts < p.to_at + interval '3 days'
    WHERE s.site_id = of_site AND p.purge_id = of_purge AND e.content_id IS NOT NULL
$$;
