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

-- The last title that a page was seen with.
CREATE TABLE page_title (
    site_id int NOT NULL,
    path    int NOT NULL,                       -- label
    title   text NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (site_id, path)
);

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
    FROM (VALUES (1, nullif(e.path, no_text)::bigint), (2, e.content_id),
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
