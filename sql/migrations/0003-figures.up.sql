-- 0003 figures: months, items by dimension, goals and segments, retention by site, access, lists.
--
-- Numbers of dimensions and kinds are those of the headers in src/fact/.

-- == Rollups ==

-- A month's figures, from its days once it is over in the site's zone (task "months"); what arrives later is added by the
-- drain to the months that are listed in rollup_month_made. Other months have no rows here: their days answer.
CREATE TABLE rollup_month (LIKE rollup_day INCLUDING ALL);
ALTER TABLE rollup_month SET (fillfactor = 90);
CREATE TABLE content_month (LIKE content_day INCLUDING ALL);
ALTER TABLE content_month SET (fillfactor = 90);
CREATE TABLE rollup_month_made (
    site_id int NOT NULL REFERENCES site ON DELETE CASCADE,
    bucket  date NOT NULL,                          -- the month's first day
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, bucket)
);

-- An item's raw and unique views of a day by one dimension (fact/dim.h): country, device, source, channel, view type, view
-- source. value as in rollup_day.
CREATE TABLE content_day_by (
    content_id bigint NOT NULL,
    value      bigint NOT NULL,
    views      bigint NOT NULL,
    uniques    bigint NOT NULL,
    bucket     date NOT NULL,
    site_id    int NOT NULL,
    dim        smallint NOT NULL,
    PRIMARY KEY (site_id, content_id, bucket, dim, value)
) WITH (fillfactor = 70);

-- rolled_since: the first local day of which all dimensions and breakdowns of items are rolled up, and raw rows hold what is
-- needed to work them out again; null: all days. values_max: of one dimension in a day; others are "(other)".
ALTER TABLE site
    ADD COLUMN rolled_since date,
    ADD COLUMN values_max   int NOT NULL DEFAULT 5000 CHECK (values_max > 0);
UPDATE site s SET rolled_since = (now() AT TIME ZONE time_zone)::date + 1
WHERE EXISTS (SELECT FROM rollup_day r WHERE r.site_id = s.site_id);

-- Of the pages that a visit began and ended with: labels.
ALTER TABLE visit
    ADD COLUMN entry_hostname int,
    ADD COLUMN exit_hostname  int;
UPDATE visit v SET entry_hostname = l.label_id, exit_hostname = l.label_id
FROM label l WHERE l.site_id = v.site_id AND l.value = '';
ALTER TABLE visit
    ALTER COLUMN entry_hostname SET NOT NULL,
    ALTER COLUMN exit_hostname  SET NOT NULL;

-- Screens are classes (fact/screen.h), where visits had widths.
UPDATE visit SET screen = CASE WHEN screen < 1 THEN 0 WHEN screen < 576 THEN 1 WHEN screen < 992 THEN 2 WHEN screen < 1440 THEN 3
                               ELSE 4 END;

-- What a visit would say of an event that has none: source, referrer, utm_source, utm_medium, utm_campaign, utm_content,
-- utm_term, country, region, city, browser, browser_version, os, os_version, language (labels), channel, device, screen.
ALTER TABLE event ADD COLUMN traits int[];

-- Local days on which a late event moved the entry of a visit: what its earlier events had added to dimensions 25 and 27
-- stands with the former page until the task "rollups" counts the day anew.
CREATE TABLE rollup_unsettled (
    site_id int NOT NULL REFERENCES site ON DELETE CASCADE,
    bucket  date NOT NULL,
    PRIMARY KEY (site_id, bucket)
);

-- Numbers of src/fact/event.h by name. Quiet: engagement, media, performance, error. Shows: pageview, view.
CREATE FUNCTION footfall_kind_quiet(kind smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT kind IN (3, 9, 12, 13) $$;
CREATE FUNCTION footfall_kind_shows(kind smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT kind IN (1, 4) $$;
CREATE FUNCTION footfall_type_listing(view_type smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT view_type = 2 $$;
CREATE FUNCTION footfall_flag_auth(flags int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT flags & 4 <> 0 $$;
CREATE FUNCTION footfall_flag_unique(flags int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT flags & 256 <> 0 $$;
CREATE FUNCTION footfall_robot_purged() RETURNS smallint LANGUAGE sql IMMUTABLE AS $$ SELECT 8::smallint $$;
-- Dimensions whose values are labels, so that "(other)" can stand for some: all but numbers (fact/dim.h).
CREATE FUNCTION footfall_dim_text(dim smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT dim NOT IN (0, 4, 7, 16, 17, 19, 32, 33)
$$;

DROP FUNCTION footfall_purge_sums, footfall_purge_others, footfall_purge_items, footfall_purge_item_others,
    footfall_event_dims, footfall_visit_dims;

-- From here on, the definitions of src/drain/drain.h in SQL: what the rollups of a local day must hold, from raw rows. For
-- verifying and for counting anew (fact/recount.h).

-- Dimensions of level V from a visit, or from an event's traits; no_text: the label of the empty text; late: those from
-- 18 on too.
CREATE FUNCTION footfall_visit_dims(v visit, no_text int, late boolean) RETURNS TABLE (dim smallint, value bigint)
LANGUAGE sql STABLE AS $$
    SELECT d.dim::smallint, d.value
    FROM (VALUES (0, 0::bigint), (3, v.source), (4, v.channel), (5, v.referrer), (6, v.country), (7, v.device),
                 (8, v.browser), (9, v.os), (10, nullif(v.utm_source, no_text)), (11, nullif(v.utm_medium, no_text)),
                 (12, nullif(v.utm_campaign, no_text)), (13, nullif(v.utm_content, no_text)), (14, nullif(v.utm_term, no_text)),
                 (17, v.auth::int), (19, v.screen), (20, v.browser_version), (21, v.os_version), (22, v.region), (23, v.city),
                 (24, v.language), (25, nullif(v.entry_page, no_text)), (27, nullif(v.entry_hostname, no_text)))
        AS d(dim, value)
    WHERE d.value IS NOT NULL AND (late OR d.dim < 18)
$$;
CREATE FUNCTION footfall_exit_dims(v visit, no_text int) RETURNS TABLE (dim smallint, value bigint) LANGUAGE sql STABLE AS $$
    SELECT d.dim::smallint, d.value::bigint
    FROM (VALUES (26, nullif(v.exit_page, no_text)), (28, nullif(v.exit_hostname, no_text))) AS d(dim, value)
    WHERE d.value IS NOT NULL
$$;
CREATE FUNCTION footfall_traits_dims(t int[], auth boolean, no_text int, late boolean)
RETURNS TABLE (dim smallint, value bigint) LANGUAGE sql STABLE AS $$
    SELECT d.dim::smallint, d.value::bigint
    FROM (VALUES (0, 0), (3, t[1]), (5, t[2]), (10, nullif(t[3], no_text)), (11, nullif(t[4], no_text)),
                 (12, nullif(t[5], no_text)), (13, nullif(t[6], no_text)), (14, nullif(t[7], no_text)), (6, t[8]), (22, t[9]),
                 (23, t[10]), (8, t[11]), (20, t[12]), (9, t[13]), (21, t[14]), (24, t[15]), (4, t[16]), (7, t[17]), (19, t[18]),
                 (17, auth::int)) AS d(dim, value)
    WHERE d.value IS NOT NULL AND (late OR d.dim < 18)
$$;

-- A local day's events as its rollups see them. Midnight may be missing or come twice, so a little more is looked through.
CREATE FUNCTION footfall_day_events(of_site int, of_day date)
RETURNS TABLE (hour timestamptz, visit_id bigint, visitor bigint, content_id bigint, name int, hostname int, path int,
               view_type smallint, view_source smallint, kind smallint, robot smallint, auth boolean, pageview int, viewed int,
               counted int, engaged_ms bigint, uniq boolean, listed boolean, act int, traits int[])
LANGUAGE sql STABLE AS $$
    SELECT footfall_hour(e.ts, s.time_zone), e.visit_id, e.visitor, e.content_id, e.name, e.hostname, e.path, e.view_type,
        e.view_source, e.kind, e.robot, footfall_flag_auth(e.flags), (e.kind = 1)::int,
        (footfall_kind_shows(e.kind) AND NOT footfall_type_listing(e.view_type) AND e.content_id IS NOT NULL)::int,
        (NOT footfall_kind_quiet(e.kind))::int, e.engaged_ms::bigint, footfall_flag_unique(e.flags), e.list IS NOT NULL,
        CASE WHEN e.measure_micros < 0 THEN -1 ELSE 1 END, e.traits
    FROM site s
    JOIN event e ON e.site_id = s.site_id AND (e.ts AT TIME ZONE s.time_zone)::date = of_day
        AND e.ts >= of_day::timestamp AT TIME ZONE s.time_zone - interval '3 hours'
        AND e.ts < (of_day + 1)::timestamp AT TIME ZONE s.time_zone + interval '3 hours'
    WHERE s.site_id = of_site
$$;

-- The hours of a local day by dimension and value.
CREATE FUNCTION footfall_recount(of_site int, of_day date)
RETURNS TABLE (dim smallint, bucket timestamptz, value bigint, visits bigint, bounces bigint, duration_s bigint,
               pageviews bigint, views bigint, events bigint, engaged_ms bigint, visitors hll(14, 5, -1, 1))
LANGUAGE sql STABLE AS $$
    WITH place AS MATERIALIZED (
        SELECT s.time_zone AS zone, l.label_id AS no_text, s.rolled_since IS NULL OR of_day >= s.rolled_since AS late
        FROM site s JOIN label l ON l.site_id = s.site_id AND l.value = '' WHERE s.site_id = of_site
    ), e AS MATERIALIZED (
        SELECT * FROM footfall_day_events(of_site, of_day)
    ), cell AS MATERIALIZED ( -- a visit's events in one hour share all that is the visit's
        SELECT visit_id, visitor, hour, sum(pageview) AS pageviews, sum(viewed) AS views, sum(counted) AS events,
            sum(engaged_ms) AS engaged_ms
        FROM e WHERE robot = 0 AND visit_id <> 0 GROUP BY 1, 2, 3
    ), parts AS (
        SELECT d.dim, c.hour, d.value, 0 AS visits, 0 AS bounces, 0 AS duration_s, c.pageviews, c.views, c.events,
            c.engaged_ms, CASE WHEN c.events > 0 THEN c.visitor END AS visitor
        FROM place, cell c
        JOIN visit v ON v.site_id = of_site AND v.visitor = c.visitor AND v.visit_id = c.visit_id
            AND v.day >= of_day - 2 AND v.day <= of_day + 2,
        LATERAL footfall_visit_dims(v, no_text, late) d
        UNION ALL
        SELECT d.dim, e.hour, d.value, 0, 0, 0, e.pageview, e.viewed, e.counted, e.engaged_ms, NULL
        FROM place, e, LATERAL footfall_traits_dims(e.traits, e.auth, no_text, late) d
        WHERE e.robot = 0 AND e.visit_id = 0
        UNION ALL
        SELECT d.dim, footfall_hour(v.started_at, zone), d.value, 1, (v.interactive <= 1)::int,
            floor(extract(epoch FROM v.last_at - v.started_at))::int, 0, 0, 0, 0, NULL
        FROM place
        JOIN visit v ON v.site_id = of_site AND v.purge_id IS NULL AND v.day >= of_day - 2 AND v.day <= of_day + 2
            AND (v.started_at AT TIME ZONE zone)::date = of_day,
        LATERAL (SELECT * FROM footfall_visit_dims(v, no_text, late)
            UNION ALL SELECT * FROM footfall_exit_dims(v, no_text) WHERE late) d
        UNION ALL
        SELECT d.dim, e.hour, d.value, 0, 0, 0, e.pageview, e.viewed, e.counted, e.engaged_ms,
            CASE WHEN e.counted > 0 THEN nullif(e.visitor, 0) END
        FROM place, e,
        LATERAL (VALUES (1, nullif(e.path, no_text)::bigint), (15, CASE WHEN e.counted > 0 THEN e.name END),
            (18, CASE WHEN late THEN nullif(e.hostname, no_text) END),
            (32, CASE WHEN late AND e.content_id IS NOT NULL AND footfall_kind_shows(e.kind) THEN e.view_type END),
            (33, CASE WHEN late AND e.content_id IS NOT NULL AND footfall_kind_shows(e.kind) THEN e.view_source END)) AS d(dim, value)
        WHERE e.robot = 0 AND d.value IS NOT NULL
        UNION ALL
        SELECT 16, e.hour, e.robot, 0, 0, 0, e.pageview, 0, 1, 0, NULL FROM e WHERE e.robot <> 0 AND e.counted > 0
    )
    SELECT dim::smallint, hour, value, sum(visits)::bigint, sum(bounces)::bigint, sum(duration_s)::bigint,
        sum(pageviews)::bigint, sum(views)::bigint, sum(events)::bigint, sum(engaged_ms)::bigint,
        coalesce(hll_add_agg(visitor::hll_hashval, 14, 5, -1, 1) FILTER (WHERE visitor IS NOT NULL), hll_empty(14, 5, -1, 1))
    FROM parts
    GROUP BY 1, 2, 3
$$;

-- The hours of a local day by item and signed in or not.
CREATE FUNCTION footfall_recount_items(of_site int, of_day date)
RETURNS TABLE (bucket timestamptz, content_id bigint, auth boolean, pageviews bigint, views bigint, uniques bigint,
               qualified bigint, events bigint, engaged_ms bigint, impressions bigint, clicks bigint, plays bigint,
               completions bigint, reactions bigint, comments bigint, shares bigint, follows bigint,
               visitors hll(14, 5, -1, 1))
LANGUAGE sql STABLE AS $$
    WITH parts AS (
        SELECT e.hour, e.content_id, e.auth, e.pageview, e.viewed, e.uniq::int AS uniq, 0 AS qualified, e.counted, e.engaged_ms,
            (footfall_kind_shows(e.kind) AND footfall_type_listing(e.view_type))::int AS listing,
            (e.viewed = 1 AND e.listed)::int AS clicked, 0 AS played, 0 AS completed, e.kind, e.act,
            CASE WHEN e.counted > 0 THEN nullif(e.visitor, 0) END AS visitor
        FROM footfall_day_events(of_site, of_day) e WHERE e.robot = 0 AND e.content_id IS NOT NULL
        UNION ALL
        SELECT footfall_hour(w.started_at, s.time_zone), w.content_id, w.auth, 0, 0, 0, w.qualified::int, 0, 0, 0, 0,
            w.played::int, w.completed::int, 0, 0, NULL
        FROM site s
        JOIN content_window w ON w.site_id = s.site_id AND w.purge_id IS NULL
            AND (w.started_at AT TIME ZONE s.time_zone)::date = of_day
            AND w.started_at >= of_day::timestamp AT TIME ZONE s.time_zone - interval '3 hours'
            AND w.started_at < (of_day + 1)::timestamp AT TIME ZONE s.time_zone + interval '3 hours'
        WHERE s.site_id = of_site
    )
    -- Kinds: 5 reaction, 6 comment, 7 follow, 8 share.
    SELECT hour, content_id, auth, sum(pageview)::bigint, sum(viewed)::bigint, sum(uniq)::bigint, sum(qualified)::bigint,
        sum(counted)::bigint, sum(engaged_ms)::bigint, sum(listing)::bigint, sum(clicked)::bigint, sum(played)::bigint,
        sum(completed)::bigint, coalesce(sum(act) FILTER (WHERE kind = 5), 0)::bigint,
        coalesce(sum(act) FILTER (WHERE kind = 6), 0)::bigint, coalesce(sum(act) FILTER (WHERE kind = 8), 0)::bigint,
        coalesce(sum(act) FILTER (WHERE kind = 7), 0)::bigint,
        coalesce(hll_add_agg(visitor::hll_hashval, 14, 5, -1, 1) FILTER (WHERE visitor IS NOT NULL), hll_empty(14, 5, -1, 1))
    FROM parts
    GROUP BY 1, 2, 3
$$;

-- The views of items of a local day by dimension: source, channel, country, device, type and source of the view.
CREATE FUNCTION footfall_recount_by(of_site int, of_day date)
RETURNS TABLE (content_id bigint, dim smallint, value bigint, views bigint, uniques bigint)
LANGUAGE sql STABLE AS $$
    SELECT e.content_id, d.dim::smallint, d.value::bigint, count(*), count(*) FILTER (WHERE e.uniq)
    FROM site s, footfall_day_events(of_site, of_day) e
    LEFT JOIN visit v ON v.site_id = of_site AND v.visitor = e.visitor AND v.visit_id = e.visit_id AND e.visit_id <> 0
        AND v.day >= of_day - 2 AND v.day <= of_day + 2,
    LATERAL (VALUES (3, coalesce(v.source, e.traits[1])), (4, coalesce(v.channel, e.traits[16])),
        (6, coalesce(v.country, e.traits[8])), (7, coalesce(v.device, e.traits[17])), (32, e.view_type), (33, e.view_source))
        AS d(dim, value)
    WHERE e.robot = 0 AND e.viewed = 1 AND s.site_id = of_site AND (s.rolled_since IS NULL OR of_day >= s.rolled_since)
    GROUP BY 1, 2, 3
$$;

-- == Goals and segments ==

-- What a site wants to see happen. kind: event (its name), page (path, * within a segment, ** beyond), scroll (percent of
-- the pages of path). name is shown and asked for; currency: its revenue is counted.
CREATE TABLE goal (
    goal_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    int NOT NULL REFERENCES site ON DELETE CASCADE,
    name       text NOT NULL CHECK (name <> ''),
    kind       text NOT NULL CHECK (kind IN ('event', 'page', 'scroll')),
    event_name text NOT NULL DEFAULT '' CHECK ((kind = 'event') = (event_name <> '')),
    path       text NOT NULL DEFAULT '' CHECK ((kind = 'event') = (path = '')),
    scroll     smallint CHECK ((kind = 'scroll') = (scroll IS NOT NULL) AND scroll BETWEEN 1 AND 100),
    currency   text CHECK (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (site_id, name)
);

-- Filters under a name, as Plausible's query has them: ["is","segment",[segment_id]].
CREATE TABLE segment (
    segment_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    int NOT NULL REFERENCES site ON DELETE CASCADE,
    name       text NOT NULL CHECK (name <> ''),
    filters    jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (site_id, name)
);

-- == Retention ==

-- Days that a site's single rows, hours and days are kept: null as footfall.conf says, 0 for ever. archive: single rows are
-- written to files before they go.
ALTER TABLE site
    ADD COLUMN retention_raw   int CHECK (retention_raw BETWEEN 1 AND 3660),
    ADD COLUMN retention_hours int CHECK (retention_hours BETWEEN 0 AND 36600),
    ADD COLUMN retention_days  int CHECK (retention_days BETWEEN 0 AND 36600),
    ADD COLUMN archive         boolean NOT NULL DEFAULT false;

-- Client ids of events that were too old to be kept when they came, for a retry may come when their rows are gone.
CREATE TABLE event_told (
    site_id  int NOT NULL,
    event_id uuid NOT NULL,
    told_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, event_id)
);
CREATE INDEX event_told_at ON event_told USING brin (told_at);

-- When events of a UTC day older than their site's retention came last: until a day after, their rows stay, so that what an
-- import brings in pieces still joins its visits.
CREATE TABLE day_told (
    site_id int NOT NULL,
    day     date NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, site_id)
);

-- Since when a site's single rows (UTC day), hours (instant) and days (local) are complete: what is older is deleted, soon
-- will be, or was never written. Never moves back, so that a longer retention asks for no figures that are gone. null: since
-- ever. Of a month that rollup_month does not hold, the days are there all the same. raw_gone: rows before this day are deleted but for those that came after.
CREATE TABLE site_kept (
    site_id    int PRIMARY KEY REFERENCES site ON DELETE CASCADE,
    raw_from   date,
    raw_gone   date,
    hours_from timestamptz,
    days_from  date
);

-- What stands in files of retention.archive. part: 2 and on are rows that came when earlier parts were written. archived_at: all
-- that came before is in it. gone: its rows are no longer in the tables.
CREATE TABLE archived (
    site_id     int NOT NULL REFERENCES site ON DELETE CASCADE,
    day         date NOT NULL,
    part        int NOT NULL,
    archived_at timestamptz NOT NULL,
    gone        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (site_id, day, part)
);

-- Parts of archives whose rows were brought back, and until when they stay. They are in all figures already.
CREATE TABLE raw_restored (
    site_id int NOT NULL REFERENCES site ON DELETE CASCADE,
    day     date NOT NULL,
    part    int NOT NULL,
    until   timestamptz NOT NULL,
    PRIMARY KEY (site_id, day, part)
);

-- Moves site_kept on to what retention says at `at`, and gives it back. sites: null for all; *_s: seconds, of sites that say nothing else; 0: for ever.
CREATE FUNCTION footfall_kept(sites int[], at timestamptz, raw_s bigint, hours_s bigint, days_s bigint)
RETURNS TABLE (site_id int, raw_from date, hours_from timestamptz, days_from date) LANGUAGE sql AS $$
    WITH rule AS (
        SELECT s.site_id, s.time_zone AS zone, coalesce(s.retention_raw * 86400::bigint, raw_s) AS raw,
            coalesce(s.retention_hours * 86400::bigint, hours_s) AS hours, coalesce(s.retention_days * 86400::bigint, days_s) AS days
        FROM site s WHERE sites IS NULL OR s.site_id = ANY (sites)
    ), ends AS (
        SELECT r.site_id, zone,
            CASE WHEN raw > 0 THEN ((at - raw * interval '1 second') AT TIME ZONE 'UTC')::date END AS raw_from,
            CASE WHEN hours > 0 THEN ((at - hours * interval '1 second') AT TIME ZONE zone)::date::timestamp AT TIME ZONE zone END
                AS hours_from,
            CASE WHEN days > 0 THEN ((at - days * interval '1 second') AT TIME ZONE zone)::date END AS days_from
        FROM rule r
    ), want AS (
        SELECT e.site_id, greatest(k.raw_from, e.raw_from) AS raw_from, greatest(k.hours_from, e.hours_from) AS hours_from,
            greatest(k.days_from, e.days_from) AS days_from
        FROM ends e LEFT JOIN site_kept k USING (site_id)
    ), moved AS (
        INSERT INTO site_kept AS k (site_id, raw_from, hours_from, days_from)
        SELECT w.* FROM want w
        WHERE NOT EXISTS (
            SELECT FROM site_kept k WHERE k.site_id = w.site_id AND (k.raw_from, k.hours_from, k.days_from)
                IS NOT DISTINCT FROM (w.raw_from, w.hours_from, w.days_from))
        ON CONFLICT (site_id) DO UPDATE SET raw_from = greatest(k.raw_from, excluded.raw_from),
            hours_from = greatest(k.hours_from, excluded.hours_from), days_from = greatest(k.days_from, excluded.days_from)
    )
    SELECT * FROM want ORDER BY site_id
$$;

-- == Access ==

-- An account sees every site in its role, or those alone that are granted to it, each in a role of its own.
ALTER TABLE account ADD COLUMN every_site boolean NOT NULL DEFAULT true;
CREATE TABLE account_site (
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    site_id    int NOT NULL REFERENCES site ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('viewer', 'moderator', 'admin')),
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, site_id)
);
CREATE INDEX account_site_site ON account_site (site_id);

-- Who holds the text of a link may read one site's figures. The text is made of the site's secret and salt, so that it can
-- be shown again; found it is by its hash.
CREATE TABLE share_link (
    share_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash    bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    salt          bytea NOT NULL CHECK (octet_length(salt) = 32),
    site_id       int NOT NULL REFERENCES site ON DELETE CASCADE,
    name          text NOT NULL CHECK (name <> ''),
    password_hash text,                                -- null: none is asked for
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    revoked_at    timestamptz
);
CREATE UNIQUE INDEX share_link_name ON share_link (site_id, name) WHERE revoked_at IS NULL;

-- Sites that were taken away, until their figures are gone as well.
CREATE TABLE site_removed (
    site_id    int PRIMARY KEY,
    removed_at timestamptz NOT NULL DEFAULT now()
);

-- Who gave a link's password holds one of these for a while, in the place of the link.
CREATE TABLE share_pass (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    share_id   bigint NOT NULL REFERENCES share_link ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

-- == Lists and public counters ==

ALTER TABLE site ADD COLUMN public_counters boolean NOT NULL DEFAULT false; -- anybody may read them: docs/lists.md

-- How far media were watched: of the windows begun on that UTC day in which an item was played, how many saw each hundredth.
-- Made from content_window while that lasts (task "watched"); the days before are added up in bucket -infinity.
CREATE TABLE content_watched (
    content_id bigint NOT NULL,
    windows    bigint NOT NULL,
    since      date NOT NULL,                       -- the first day in it
    bucket     date NOT NULL,
    site_id    int NOT NULL,
    hundredths bigint[] NOT NULL CHECK (cardinality(hundredths) = 100),
    PRIMARY KEY (site_id, content_id, bucket)
);

-- The different visitors with a qualified window of an item that began on a local day of the site: each counts once, in the
-- hour of its first one. hours: by hours passed since the day began. What trending and rising are made from.
CREATE TABLE content_reach (
    content_id bigint NOT NULL,
    bucket     date NOT NULL,
    site_id    int NOT NULL,
    visitors   int NOT NULL,
    hours      int[] NOT NULL,
    PRIMARY KEY (site_id, bucket, content_id)
);

-- Lists, as they were computed last. list: 1 popular, 2 trending, 3 rising. days: of the window; 0 = all. Of each kind, owner
-- and collection the best hundred, so that the best hundred of any choice of them are here.
CREATE TABLE content_list (
    score      double precision NOT NULL,
    content_id bigint NOT NULL,
    visitors   bigint NOT NULL,                     -- in the window, as content_reach has them; popular: unique views
    views      bigint NOT NULL,                     -- popular: raw ones in the window
    baseline   double precision NOT NULL,           -- rising: visitors to be expected in it
    exposure   double precision NOT NULL,           -- rising: windows that the baseline was seen for
    site_id    int NOT NULL,
    list       smallint NOT NULL,
    days       smallint NOT NULL,
    PRIMARY KEY (site_id, list, days, content_id)
);
CREATE INDEX content_list_score ON content_list (site_id, list, days, score DESC);

-- When a list was computed last, and with which settings. list 4: what was viewed together.
CREATE TABLE content_list_made (
    made_at     timestamptz NOT NULL,
    site_id     int NOT NULL REFERENCES site ON DELETE CASCADE,
    list        smallint NOT NULL,
    days        smallint NOT NULL,
    settings    bigint[] NOT NULL,                  -- in the order of fact/lists.h
    PRIMARY KEY (site_id, list, days)
);

-- Visitors who saw two items on one local day, the lower number first; item = other: who saw the item at all.
CREATE TABLE content_together (
    item     bigint NOT NULL,
    other    bigint NOT NULL,
    bucket   date NOT NULL,
    site_id  int NOT NULL,
    visitors int NOT NULL,
    PRIMARY KEY (site_id, bucket, item, other)
);

-- The items seen by the same visitors as an item, best first.
CREATE TABLE content_related (
    score    double precision NOT NULL,
    item     bigint NOT NULL,
    other    bigint NOT NULL,
    shared   bigint NOT NULL,                       -- visitors of both
    of_item  bigint NOT NULL,
    of_other bigint NOT NULL,
    site_id  int NOT NULL,
    place    smallint NOT NULL,
    PRIMARY KEY (site_id, item, place)
);

-- How far the tasks of lists have come. task: 1 reach, 2 together, 3 watched. swept_at: when all raw days were looked at
-- last, and not only the newest, and with which setting lists.views (true: unique); until: the days up to it stand in bucket
-- -infinity of content_watched.
CREATE TABLE content_swept (
    swept_at timestamptz NOT NULL,
    site_id  int NOT NULL REFERENCES site ON DELETE CASCADE,
    until    date NOT NULL DEFAULT '-infinity',
    task     smallint NOT NULL,
    counted  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (site_id, task)
);

-- Lists of one owner or collection begin with its items.
CREATE INDEX content_owner ON content (site_id, owner) WHERE owner <> '';
CREATE INDEX content_in ON content (site_id, collection) WHERE collection <> '';

-- == Jobs ==

-- The tasks that footfall-cron of this version knows: written by it at its start, read by whoever is asked about them.
CREATE TABLE task_known (
    task       text PRIMARY KEY,
    everywhere boolean NOT NULL,                -- one run serves all hosts
    period_s   bigint NOT NULL,
    timeout_s  bigint NOT NULL,
    help       text NOT NULL
);

-- When the run that holds a task's lock began, and where. Only the lock says whether it still runs.
ALTER TABLE task
    ADD COLUMN started_at timestamptz,
    ADD COLUMN holder     text NOT NULL DEFAULT '';

-- Runs that somebody asked for over HTTP. One waits at most for each task; whoever asks again meanwhile gets the same. A run
-- that died unfinished is taken up again by the next process that gets the lock of (task, place).
CREATE TABLE task_ask (
    ask_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task       text NOT NULL,
    actor      text NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    place      text,                            -- as in task; null while it waits
    run_id     bigint                           -- in task_run, once it ended
);
CREATE UNIQUE INDEX task_ask_waiting ON task_ask (task) WHERE started_at IS NULL;
CREATE INDEX task_ask_open ON task_ask (task) WHERE run_id IS NULL;

-- Signatures of requests, for as long as their timestamps would be taken: each is good once.
CREATE TABLE signature_seen (
    signature bytea PRIMARY KEY CHECK (octet_length(signature) = 32),
    seen_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX signature_seen_at ON signature_seen (seen_at);
