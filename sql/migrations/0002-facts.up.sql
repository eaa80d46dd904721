-- 0002 facts: every kind of fact, signed-in viewers, honest counts, purges, erasure.
--
-- Numbers of kinds, robots, flags and reasons are those of the headers in src/fact/. Columns of event that a kind does not
-- use are null and cost a bit each.

-- unique_windows, qualified: "[KIND=]VALUE", separated by spaces; the one without a kind holds for all others. A view is
-- unique if it begins a window of its visitor and item; qualified if its window reached so many seconds of attention, or
-- so many percent of the page or medium (fact/rules.h).
ALTER TABLE site
    ADD COLUMN unique_windows    text NOT NULL DEFAULT '30m video=24h',
    ADD COLUMN qualified         text NOT NULL DEFAULT '10s,50% video=30s,50%',
    ADD COLUMN exclude_paths     text NOT NULL DEFAULT '',     -- comma lists; * stands for anything
    ADD COLUMN exclude_hosts     text NOT NULL DEFAULT '',
    ADD COLUMN exclude_countries text NOT NULL DEFAULT '',
    ADD COLUMN items_max         int NOT NULL DEFAULT 100000 CHECK (items_max >= 0), -- that views may register
    ADD COLUMN paths_max         int NOT NULL DEFAULT 20000 CHECK (paths_max >= 0);  -- new ones in a day; others are "(other)"

ALTER TABLE event
    ADD COLUMN viewer            uuid,        -- signed in: the keyed pseudonym
    ADD COLUMN target            int,         -- label: what was acted upon
    ADD COLUMN list              int,         -- label
    ADD COLUMN position          smallint,    -- in list, from 1
    ADD COLUMN measure_micros    bigint,
    ADD COLUMN media_length_ms   int,
    ADD COLUMN media_position_ms int,
    ADD COLUMN watched           bytea,       -- hundredths of the medium: bit i of byte i / 8, lowest first
    ADD COLUMN purge_id          bigint;      -- taken out of the figures by that purge

-- The last title that a page was seen with, and the last item that it was about: for engagement that names none.
CREATE TABLE page_title (
    site_id    int NOT NULL,
    path       int NOT NULL,                    -- label
    title      text NOT NULL,                   -- empty: none yet
    content_id bigint,
    seen_at    timestamptz NOT NULL,            -- when it was so first
    PRIMARY KEY (site_id, path)
) WITH (fillfactor = 70);

-- Texts that a day's events brought and nobody had before, up to the caps (drain/caps.c). day: UTC day of the events.
CREATE TABLE label_day (
    site_id int NOT NULL,
    day     date NOT NULL,
    paths   int NOT NULL,
    others  int NOT NULL,
    PRIMARY KEY (site_id, day)
) WITH (fillfactor = 70);

-- managed: the host's backend said what the item is, and views no longer change it. removed_at: the item is gone from
-- every list and its views are those of an unknown item; its figures stay, for it may come back.
ALTER TABLE content
    ADD COLUMN managed    boolean NOT NULL DEFAULT false,
    ADD COLUMN removed_at timestamptz;

-- Which collections an item was in, when. content.collection is the newest one.
CREATE TABLE content_membership (
    site_id    int NOT NULL,
    content_id bigint NOT NULL,
    collection text NOT NULL CHECK (collection <> ''),
    since      timestamptz NOT NULL,
    until      timestamptz CHECK (until > since),   -- null: still
    PRIMARY KEY (site_id, content_id, collection, since),
    FOREIGN KEY (site_id, content_id) REFERENCES content ON DELETE CASCADE
);
CREATE INDEX content_membership_collection ON content_membership (site_id, collection);
INSERT INTO content_membership (site_id, content_id, collection, since)
SELECT site_id, content_id, collection, created_at FROM content WHERE collection <> '';

-- Whoever changes content.collection, the memberships follow. A change dated before the last one replaces it.
CREATE FUNCTION footfall_content_move(site int, item bigint, into_collection text, moved_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM content_membership WHERE site_id = site AND content_id = item AND since >= moved_at;
    UPDATE content_membership SET until = moved_at
    WHERE site_id = site AND content_id = item AND (until IS NULL OR until > moved_at);
    IF into_collection <> '' THEN
        INSERT INTO content_membership (site_id, content_id, collection, since)
        VALUES (site, item, into_collection, moved_at);
    END IF;
END
$$;
CREATE FUNCTION footfall_content_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM footfall_content_move(NEW.site_id, NEW.content_id, NEW.collection, now());
    RETURN NULL;
END
$$;
CREATE TRIGGER content_added AFTER INSERT ON content
    FOR EACH ROW WHEN (NEW.collection <> '') EXECUTE FUNCTION footfall_content_moved();
CREATE TRIGGER content_moved AFTER UPDATE OF collection ON content
    FOR EACH ROW WHEN (OLD.collection IS DISTINCT FROM NEW.collection) EXECUTE FUNCTION footfall_content_moved();

-- Windows: a view of an item is unique if it begins one (drain/windows.h). Attention makes a window qualified once, by the
-- site's rule; a medium is played and completed once in it.
CREATE TABLE content_window (
    started_at timestamptz NOT NULL,            -- time of the view that began it
    content_id bigint NOT NULL,
    visitor    bigint NOT NULL,                 -- of that view, before it joined a visit of yesterday
    engaged_ms bigint NOT NULL,                 -- attention until it was qualified
    event_id   uuid NOT NULL,                   -- that view
    site_id    int NOT NULL,
    percent    smallint NOT NULL,               -- the most of the page that was seen
    auth       boolean NOT NULL,
    qualified  boolean NOT NULL,
    played     boolean NOT NULL,
    completed  boolean NOT NULL,
    watched    bytea,                           -- as in event: all that was watched in it
    purge_id   bigint,                          -- begun by an event of that purge: counts no more
    PRIMARY KEY (site_id, visitor, content_id, started_at)
) PARTITION BY RANGE (started_at);
CREATE TABLE content_window_default PARTITION OF content_window DEFAULT;

-- The figures of items, in place of dimension 2 of the rollups. Buckets as there. views are all (raw) views; uniques,
-- qualified, plays and completions stand in the bucket of their window's beginning. auth: of signed-in viewers.
CREATE TABLE content_hour (
    bucket      timestamptz NOT NULL,
    content_id  bigint NOT NULL,
    pageviews   bigint NOT NULL DEFAULT 0,
    views       bigint NOT NULL DEFAULT 0,
    uniques     bigint NOT NULL DEFAULT 0,
    qualified   bigint NOT NULL DEFAULT 0,
    events      bigint NOT NULL DEFAULT 0,
    engaged_ms  bigint NOT NULL DEFAULT 0,
    impressions bigint NOT NULL DEFAULT 0,
    clicks      bigint NOT NULL DEFAULT 0,      -- views that came from a list
    plays       bigint NOT NULL DEFAULT 0,
    completions bigint NOT NULL DEFAULT 0,
    reactions   bigint NOT NULL DEFAULT 0,      -- given minus taken back, and so on
    comments    bigint NOT NULL DEFAULT 0,
    shares      bigint NOT NULL DEFAULT 0,
    follows     bigint NOT NULL DEFAULT 0,
    site_id     int NOT NULL,
    auth        boolean NOT NULL,
    visitors    hll(14, 5, -1, 1) NOT NULL,
    PRIMARY KEY (site_id, bucket, content_id, auth)
) WITH (fillfactor = 50);

CREATE TABLE content_day (
    content_id  bigint NOT NULL,
    pageviews   bigint NOT NULL DEFAULT 0,
    views       bigint NOT NULL DEFAULT 0,
    uniques     bigint NOT NULL DEFAULT 0,
    qualified   bigint NOT NULL DEFAULT 0,
    events      bigint NOT NULL DEFAULT 0,
    engaged_ms  bigint NOT NULL DEFAULT 0,
    impressions bigint NOT NULL DEFAULT 0,
    clicks      bigint NOT NULL DEFAULT 0,
    plays       bigint NOT NULL DEFAULT 0,
    completions bigint NOT NULL DEFAULT 0,
    reactions   bigint NOT NULL DEFAULT 0,
    comments    bigint NOT NULL DEFAULT 0,
    shares      bigint NOT NULL DEFAULT 0,
    follows     bigint NOT NULL DEFAULT 0,
    bucket      date NOT NULL,
    site_id     int NOT NULL,
    auth        boolean NOT NULL,
    visitors    hll(14, 5, -1, 1) NOT NULL,
    PRIMARY KEY (site_id, bucket, content_id, auth)
) WITH (fillfactor = 50);

ALTER TABLE content_counter
    ADD COLUMN uniques_day     bigint NOT NULL DEFAULT 0,
    ADD COLUMN uniques_month   bigint NOT NULL DEFAULT 0,
    ADD COLUMN uniques_total   bigint NOT NULL DEFAULT 0,
    ADD COLUMN qualified_day   bigint NOT NULL DEFAULT 0,
    ADD COLUMN qualified_month bigint NOT NULL DEFAULT 0,
    ADD COLUMN qualified_total bigint NOT NULL DEFAULT 0;

-- Nobody was signed in until now, and windows begin now: older days have raw views alone.
INSERT INTO content_hour (bucket, content_id, pageviews, views, events, engaged_ms, site_id, auth, visitors)
SELECT bucket, value, pageviews, views, events, engaged_ms, site_id, false, visitors FROM rollup_hour WHERE dim = 2;
INSERT INTO content_day (bucket, content_id, pageviews, views, events, engaged_ms, site_id, auth, visitors)
SELECT bucket, value, pageviews, views, events, engaged_ms, site_id, false, visitors FROM rollup_day WHERE dim = 2;
DELETE FROM rollup_hour WHERE dim = 2;
DELETE FROM rollup_day WHERE dim = 2;
INSERT INTO rollup_hour (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
SELECT bucket, 0, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, 17, visitors
FROM rollup_hour WHERE dim = 0;
INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
SELECT bucket, 0, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, 17, visitors
FROM rollup_day WHERE dim = 0;

-- Windows have tables of days too.
CREATE OR REPLACE FUNCTION footfall_partition_make(day date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    lo   text := day || ' 00:00:00+00';
    hi   text := day + 1 || ' 00:00:00+00';
    made boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(7061, day - date '2000-01-01');
    made := footfall_partition_add('event', day, 'ts', lo, hi);
    made := footfall_partition_add('visit', day, 'day', day::text, (day + 1)::text) OR made;
    RETURN footfall_partition_add('content_window', day, 'started_at', lo, hi) OR made;
END
$$;
DO $$
BEGIN
    PERFORM footfall_partition_make(to_date(right(relname, 8), 'YYYYMMDD'))
    FROM pg_class JOIN pg_inherits ON inhrelid = oid
    WHERE inhparent = 'event'::regclass AND relname ~ '^event_[0-9]{8}$';
END
$$;

CREATE OR REPLACE FUNCTION footfall_partition_drop(day date) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    part    text;
    rows    bigint;
    dropped text := '';
BEGIN
    FOREACH part IN ARRAY ARRAY['event_', 'visit_', 'content_window_'] LOOP
        part := part || to_char(day, 'YYYYMMDD');
        SELECT greatest(reltuples, 0) INTO rows FROM pg_class WHERE oid = to_regclass(part);
        IF FOUND THEN
            EXECUTE format('DROP TABLE %I', part);
            dropped := dropped || format(', %s (about %s rows)', part, rows);
        END IF;
    END LOOP;
    DELETE FROM label_day l WHERE l.day <= footfall_partition_drop.day;
    RETURN substr(dropped, 3);
END
$$;

-- What an operator took out of the figures after the fact, and may put back: whole visits, which stay as they were but for
-- purge_id, and their events, which become robots (8 = FF_ROBOT_PURGED). rule: as it was given.
CREATE TABLE purge (
    purge_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    int NOT NULL REFERENCES site ON DELETE CASCADE,
    rule       text NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL,
    visits     bigint NOT NULL DEFAULT 0,
    events     bigint NOT NULL DEFAULT 0,
    applied_at timestamptz NOT NULL DEFAULT now(),
    undone_at  timestamptz
);

ALTER TABLE visit ADD COLUMN purge_id bigint;

-- The instant at which a local hour began.
CREATE FUNCTION footfall_hour(at timestamptz, zone text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT at - ((at AT TIME ZONE zone) - date_trunc('hour', at AT TIME ZONE zone))
$$;

-- Where an event with a visit stands in the rollups: the definitions of src/drain/drain.h in SQL. no_text: the label of the
-- empty text. Dimensions of level V are those of the visit alone.
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

-- What a purge's visits and events add to the rollups where they count (and, below zero, to the robots where they do not).
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

-- The visitors of all other events in the hours and days that a purge touches, by dimension.
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

-- What a purge's events and windows add to the figures of items where they count.
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

-- The visitors of all other events about items in the hours and days that a purge touches.
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

-- For export and erasure of one viewer's facts.
CREATE INDEX event_viewer ON event (site_id, viewer, ts) WHERE viewer IS NOT NULL;

-- Who asked for erasure: what comes later (from the spool, or with an old token) is erased by the drain too.
CREATE TABLE erasure (
    site_id   int NOT NULL REFERENCES site ON DELETE CASCADE,
    viewer    uuid NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, viewer)
);

-- Who changed what by hand. actor: a login, "key N", or "operator" at the command line. No visitor's identity is in it.
CREATE TABLE audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    text NOT NULL,
    action   text NOT NULL,                     -- "purge.apply", "content.delete", "key.revoke", ...
    site_id  int,
    detail   text NOT NULL DEFAULT ''
);
CREATE INDEX audit_at ON audit (at);
