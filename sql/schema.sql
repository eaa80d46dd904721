-- Generated from sql/migrations by tests/sql/schema-print.sh: do not edit.

CREATE EXTENSION IF NOT EXISTS hll WITH SCHEMA public;

CREATE FUNCTION public.footfall_content_move(site integer, item bigint, into_collection text, moved_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.footfall_content_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM footfall_content_move(NEW.site_id, NEW.content_id, NEW.collection,
        coalesce(nullif(current_setting('footfall.moved_at', true), '')::timestamptz,
                 CASE TG_OP WHEN 'INSERT' THEN '-infinity' ELSE now() END));
    RETURN NULL;
END
$$;

CREATE FUNCTION public.footfall_content_said(site integer, item bigint, into_collection text, said_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    moved_at timestamptz;
    found    text;
BEGIN
    SELECT max(greatest(since, until)) INTO moved_at FROM content_membership WHERE site_id = site AND content_id = item;
    IF moved_at IS NULL OR moved_at < said_at THEN
        PERFORM set_config('footfall.moved_at', CASE WHEN moved_at IS NULL THEN '-infinity' ELSE said_at::text END, true);
        UPDATE content SET collection = into_collection
        WHERE site_id = site AND content_id = item AND collection <> into_collection AND NOT managed;
        PERFORM set_config('footfall.moved_at', '', true);
    END IF;
    SELECT collection INTO found FROM content WHERE site_id = site AND content_id = item;
    RETURN found;
END
$$;

CREATE FUNCTION public.footfall_day_events(of_site integer, of_day date) RETURNS TABLE(hour timestamp with time zone, visit_id bigint, visitor bigint, content_id bigint, name integer, hostname integer, path integer, view_type smallint, view_source smallint, kind smallint, robot smallint, auth boolean, pageview integer, viewed integer, counted integer, engaged_ms bigint, uniq boolean, listed boolean, act integer, traits integer[])
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.footfall_dim_text(dim smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT dim NOT IN (0, 4, 7, 16, 17, 19, 32, 33)
$$;

CREATE TABLE public.visit (
    visit_id bigint NOT NULL,
    visitor bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    engaged_ms bigint NOT NULL,
    site_id integer NOT NULL,
    day date NOT NULL,
    pageviews integer NOT NULL,
    views integer NOT NULL,
    events integer NOT NULL,
    interactive integer NOT NULL,
    entry_page integer NOT NULL,
    exit_page integer NOT NULL,
    source integer NOT NULL,
    referrer integer NOT NULL,
    utm_source integer NOT NULL,
    utm_medium integer NOT NULL,
    utm_campaign integer NOT NULL,
    utm_content integer NOT NULL,
    utm_term integer NOT NULL,
    country integer NOT NULL,
    region integer NOT NULL,
    city integer NOT NULL,
    browser integer NOT NULL,
    browser_version integer NOT NULL,
    os integer NOT NULL,
    os_version integer NOT NULL,
    language integer NOT NULL,
    channel smallint NOT NULL,
    device smallint NOT NULL,
    screen smallint NOT NULL,
    auth boolean NOT NULL,
    purge_id bigint,
    entry_hostname integer NOT NULL,
    exit_hostname integer NOT NULL
)
PARTITION BY RANGE (day);

CREATE FUNCTION public.footfall_exit_dims(v public.visit, no_text integer) RETURNS TABLE(dim smallint, value bigint)
    LANGUAGE sql STABLE
    AS $$
    SELECT d.dim::smallint, d.value::bigint
    FROM (VALUES (26, nullif(v.exit_page, no_text)), (28, nullif(v.exit_hostname, no_text))) AS d(dim, value)
    WHERE d.value IS NOT NULL
$$;

CREATE FUNCTION public.footfall_flag_auth(flags integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT flags & 4 <> 0 $$;

CREATE FUNCTION public.footfall_flag_unique(flags integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT flags & 256 <> 0 $$;

CREATE FUNCTION public.footfall_hour(at timestamp with time zone, zone text) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT at - ((at AT TIME ZONE zone) - date_trunc('hour', at AT TIME ZONE zone))
$$;

CREATE FUNCTION public.footfall_kept(sites integer[], at timestamp with time zone, raw_s bigint, hours_s bigint, days_s bigint) RETURNS TABLE(site_id integer, raw_from date, hours_from timestamp with time zone, days_from date)
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION public.footfall_kind_quiet(kind smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT kind IN (3, 9, 12, 13) $$;

CREATE FUNCTION public.footfall_kind_shows(kind smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT kind IN (1, 4) $$;

CREATE FUNCTION public.footfall_partition_add(parent text, day date, key text, lo text, hi text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    part  text := parent || '_' || to_char(day, 'YYYYMMDD');
    spare text := parent || '_default';
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', spare);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
    IF parent = 'visit' THEN -- later events change it: room on the page keeps its index out of that
        EXECUTE format('ALTER TABLE %I SET (fillfactor = 70)', part);
    END IF;
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
        spare, key, lo, key, hi, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, lo, hi);
    RETURN true;
END
$$;

CREATE FUNCTION public.footfall_partition_drop(day date) RETURNS text
    LANGUAGE plpgsql
    SET lock_timeout TO '2s'
    AS $$
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

CREATE FUNCTION public.footfall_partition_make(day date) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.footfall_recount(of_site integer, of_day date) RETURNS TABLE(dim smallint, bucket timestamp with time zone, value bigint, visits bigint, bounces bigint, duration_s bigint, pageviews bigint, views bigint, events bigint, engaged_ms bigint, visitors public.hll)
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.footfall_recount_by(of_site integer, of_day date) RETURNS TABLE(content_id bigint, dim smallint, value bigint, views bigint, uniques bigint)
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.footfall_recount_items(of_site integer, of_day date) RETURNS TABLE(bucket timestamp with time zone, content_id bigint, auth boolean, pageviews bigint, views bigint, uniques bigint, qualified bigint, events bigint, engaged_ms bigint, impressions bigint, clicks bigint, plays bigint, completions bigint, reactions bigint, comments bigint, shares bigint, follows bigint, visitors public.hll)
    LANGUAGE sql STABLE
    AS $$
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

CREATE FUNCTION public.footfall_robot_purged() RETURNS smallint
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT 8::smallint $$;

CREATE FUNCTION public.footfall_traits_dims(t integer[], auth boolean, no_text integer, late boolean) RETURNS TABLE(dim smallint, value bigint)
    LANGUAGE sql STABLE
    AS $$
    SELECT d.dim::smallint, d.value::bigint
    FROM (VALUES (0, 0), (3, t[1]), (5, t[2]), (10, nullif(t[3], no_text)), (11, nullif(t[4], no_text)),
                 (12, nullif(t[5], no_text)), (13, nullif(t[6], no_text)), (14, nullif(t[7], no_text)), (6, t[8]), (22, t[9]),
                 (23, t[10]), (8, t[11]), (20, t[12]), (9, t[13]), (21, t[14]), (24, t[15]), (4, t[16]), (7, t[17]), (19, t[18]),
                 (17, auth::int)) AS d(dim, value)
    WHERE d.value IS NOT NULL AND (late OR d.dim < 18)
$$;

CREATE FUNCTION public.footfall_type_listing(view_type smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT view_type = 2 $$;

CREATE FUNCTION public.footfall_visit_dims(v public.visit, no_text integer, late boolean) RETURNS TABLE(dim smallint, value bigint)
    LANGUAGE sql STABLE
    AS $$
    SELECT d.dim::smallint, d.value
    FROM (VALUES (0, 0::bigint), (3, v.source), (4, v.channel), (5, v.referrer), (6, v.country), (7, v.device),
                 (8, v.browser), (9, v.os), (10, nullif(v.utm_source, no_text)), (11, nullif(v.utm_medium, no_text)),
                 (12, nullif(v.utm_campaign, no_text)), (13, nullif(v.utm_content, no_text)), (14, nullif(v.utm_term, no_text)),
                 (17, v.auth::int), (19, v.screen), (20, v.browser_version), (21, v.os_version), (22, v.region), (23, v.city),
                 (24, v.language), (25, nullif(v.entry_page, no_text)), (27, nullif(v.entry_hostname, no_text)))
        AS d(dim, value)
    WHERE d.value IS NOT NULL AND (late OR d.dim < 18)
$$;

CREATE TABLE public.account (
    account_id bigint NOT NULL,
    login text NOT NULL,
    password_hash text DEFAULT '!'::text NOT NULL,
    role text DEFAULT 'viewer'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    every_site boolean DEFAULT false NOT NULL,
    has_password boolean GENERATED ALWAYS AS ((password_hash <> '!'::text)) STORED NOT NULL,
    CONSTRAINT account_login_check CHECK (((login = lower(login)) AND (login <> ''::text))),
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'moderator'::text, 'admin'::text])))
);

ALTER TABLE public.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_site (
    account_id bigint NOT NULL,
    site_id integer NOT NULL,
    role text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT account_site_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'moderator'::text, 'admin'::text])))
);

CREATE TABLE public.admin_session (
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    csrf text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT admin_session_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.api_key (
    key_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    name text NOT NULL,
    site_id integer,
    scopes text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE public.api_key ALTER COLUMN key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_key_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.archived (
    site_id integer NOT NULL,
    day date NOT NULL,
    part integer NOT NULL,
    archived_at timestamp with time zone NOT NULL,
    gone boolean DEFAULT false NOT NULL
);

CREATE TABLE public.audit (
    audit_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    site_id integer,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bad_record (
    bad_id bigint NOT NULL,
    segment uuid NOT NULL,
    off bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    payload bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.bad_record ALTER COLUMN bad_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bad_record_bad_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.content (
    site_id integer NOT NULL,
    content_id bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    owner text DEFAULT ''::text NOT NULL,
    collection text DEFAULT ''::text NOT NULL,
    private boolean DEFAULT false NOT NULL,
    published_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    managed boolean DEFAULT false NOT NULL,
    removed_at timestamp with time zone
);

ALTER TABLE public.content ALTER COLUMN content_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.content_content_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.content_counter (
    site_id integer NOT NULL,
    content_id bigint NOT NULL,
    day date NOT NULL,
    views_day bigint NOT NULL,
    views_month bigint NOT NULL,
    views_total bigint NOT NULL,
    uniques_day bigint DEFAULT 0 NOT NULL,
    uniques_month bigint DEFAULT 0 NOT NULL,
    uniques_total bigint DEFAULT 0 NOT NULL,
    qualified_day bigint DEFAULT 0 NOT NULL,
    qualified_month bigint DEFAULT 0 NOT NULL,
    qualified_total bigint DEFAULT 0 NOT NULL,
    day_reset_at timestamp with time zone,
    month_reset_at timestamp with time zone
)
WITH (fillfactor='70');

CREATE TABLE public.content_day (
    content_id bigint NOT NULL,
    pageviews bigint DEFAULT 0 NOT NULL,
    views bigint DEFAULT 0 NOT NULL,
    uniques bigint DEFAULT 0 NOT NULL,
    qualified bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    engaged_ms bigint DEFAULT 0 NOT NULL,
    impressions bigint DEFAULT 0 NOT NULL,
    clicks bigint DEFAULT 0 NOT NULL,
    plays bigint DEFAULT 0 NOT NULL,
    completions bigint DEFAULT 0 NOT NULL,
    reactions bigint DEFAULT 0 NOT NULL,
    comments bigint DEFAULT 0 NOT NULL,
    shares bigint DEFAULT 0 NOT NULL,
    follows bigint DEFAULT 0 NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    auth boolean NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.content_day_by (
    content_id bigint NOT NULL,
    value bigint NOT NULL,
    views bigint NOT NULL,
    uniques bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    dim smallint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.content_hour (
    bucket timestamp with time zone NOT NULL,
    content_id bigint NOT NULL,
    pageviews bigint DEFAULT 0 NOT NULL,
    views bigint DEFAULT 0 NOT NULL,
    uniques bigint DEFAULT 0 NOT NULL,
    qualified bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    engaged_ms bigint DEFAULT 0 NOT NULL,
    impressions bigint DEFAULT 0 NOT NULL,
    clicks bigint DEFAULT 0 NOT NULL,
    plays bigint DEFAULT 0 NOT NULL,
    completions bigint DEFAULT 0 NOT NULL,
    reactions bigint DEFAULT 0 NOT NULL,
    comments bigint DEFAULT 0 NOT NULL,
    shares bigint DEFAULT 0 NOT NULL,
    follows bigint DEFAULT 0 NOT NULL,
    site_id integer NOT NULL,
    auth boolean NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.content_list (
    score double precision NOT NULL,
    content_id bigint NOT NULL,
    visitors bigint NOT NULL,
    views bigint NOT NULL,
    baseline double precision NOT NULL,
    exposure double precision NOT NULL,
    site_id integer NOT NULL,
    list smallint NOT NULL,
    days smallint NOT NULL
);

CREATE TABLE public.content_list_made (
    made_at timestamp with time zone NOT NULL,
    site_id integer NOT NULL,
    list smallint NOT NULL,
    days smallint NOT NULL,
    settings bigint[] NOT NULL
);

CREATE TABLE public.content_membership (
    site_id integer NOT NULL,
    content_id bigint NOT NULL,
    collection text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    CONSTRAINT content_membership_check CHECK ((until > since)),
    CONSTRAINT content_membership_collection_check CHECK ((collection <> ''::text))
);

CREATE TABLE public.content_month (
    content_id bigint NOT NULL,
    pageviews bigint DEFAULT 0 NOT NULL,
    views bigint DEFAULT 0 NOT NULL,
    uniques bigint DEFAULT 0 NOT NULL,
    qualified bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    engaged_ms bigint DEFAULT 0 NOT NULL,
    impressions bigint DEFAULT 0 NOT NULL,
    clicks bigint DEFAULT 0 NOT NULL,
    plays bigint DEFAULT 0 NOT NULL,
    completions bigint DEFAULT 0 NOT NULL,
    reactions bigint DEFAULT 0 NOT NULL,
    comments bigint DEFAULT 0 NOT NULL,
    shares bigint DEFAULT 0 NOT NULL,
    follows bigint DEFAULT 0 NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    auth boolean NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='90');

CREATE TABLE public.content_reach (
    content_id bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    visitors integer NOT NULL,
    hours integer[] NOT NULL
);

CREATE TABLE public.content_related (
    score double precision NOT NULL,
    item bigint NOT NULL,
    other bigint NOT NULL,
    shared bigint NOT NULL,
    of_item bigint NOT NULL,
    of_other bigint NOT NULL,
    site_id integer NOT NULL,
    place smallint NOT NULL
);

CREATE TABLE public.content_swept (
    swept_at timestamp with time zone NOT NULL,
    site_id integer NOT NULL,
    until date DEFAULT '-infinity'::date NOT NULL,
    task smallint NOT NULL,
    counted boolean DEFAULT false NOT NULL
);

CREATE TABLE public.content_together (
    item bigint NOT NULL,
    other bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    visitors integer NOT NULL
);

CREATE TABLE public.content_watched (
    content_id bigint NOT NULL,
    windows bigint NOT NULL,
    since date NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    hundredths bigint[] NOT NULL,
    CONSTRAINT content_watched_hundredths_check CHECK ((cardinality(hundredths) = 100))
);

CREATE TABLE public.content_week (
    content_id bigint NOT NULL,
    pageviews bigint DEFAULT 0 NOT NULL,
    views bigint DEFAULT 0 NOT NULL,
    uniques bigint DEFAULT 0 NOT NULL,
    qualified bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    engaged_ms bigint DEFAULT 0 NOT NULL,
    impressions bigint DEFAULT 0 NOT NULL,
    clicks bigint DEFAULT 0 NOT NULL,
    plays bigint DEFAULT 0 NOT NULL,
    completions bigint DEFAULT 0 NOT NULL,
    reactions bigint DEFAULT 0 NOT NULL,
    comments bigint DEFAULT 0 NOT NULL,
    shares bigint DEFAULT 0 NOT NULL,
    follows bigint DEFAULT 0 NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    auth boolean NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='100', toast_tuple_target='128');

CREATE TABLE public.content_window (
    started_at timestamp with time zone NOT NULL,
    content_id bigint NOT NULL,
    visitor bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    event_id uuid NOT NULL,
    site_id integer NOT NULL,
    percent smallint NOT NULL,
    auth boolean NOT NULL,
    qualified boolean NOT NULL,
    played boolean NOT NULL,
    completed boolean NOT NULL,
    watched bytea,
    purge_id bigint
)
PARTITION BY RANGE (started_at);

CREATE TABLE public.content_window_default (
    started_at timestamp with time zone NOT NULL,
    content_id bigint NOT NULL,
    visitor bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    event_id uuid NOT NULL,
    site_id integer NOT NULL,
    percent smallint NOT NULL,
    auth boolean NOT NULL,
    qualified boolean NOT NULL,
    played boolean NOT NULL,
    completed boolean NOT NULL,
    watched bytea,
    purge_id bigint
);

CREATE TABLE public.day_told (
    site_id integer NOT NULL,
    day date NOT NULL,
    told_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.drain_count (
    site_id integer NOT NULL,
    day date NOT NULL,
    reason smallint NOT NULL,
    n bigint NOT NULL
);

CREATE TABLE public.erasure (
    site_id integer NOT NULL,
    viewer uuid NOT NULL,
    erased_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.event (
    ts timestamp with time zone NOT NULL,
    event_id uuid NOT NULL,
    visit_id bigint NOT NULL,
    visitor bigint NOT NULL,
    content_id bigint,
    value_micros bigint,
    site_id integer NOT NULL,
    name integer NOT NULL,
    hostname integer NOT NULL,
    path integer NOT NULL,
    engaged_ms integer NOT NULL,
    flags integer NOT NULL,
    kind smallint NOT NULL,
    view_type smallint NOT NULL,
    view_source smallint NOT NULL,
    robot smallint NOT NULL,
    scroll smallint NOT NULL,
    currency text,
    props jsonb,
    viewer uuid,
    target integer,
    list integer,
    "position" smallint,
    measure_micros bigint,
    media_length_ms integer,
    media_position_ms integer,
    watched bytea,
    purge_id bigint,
    traits integer[]
)
PARTITION BY RANGE (ts);

CREATE TABLE public.event_default (
    ts timestamp with time zone NOT NULL,
    event_id uuid NOT NULL,
    visit_id bigint NOT NULL,
    visitor bigint NOT NULL,
    content_id bigint,
    value_micros bigint,
    site_id integer NOT NULL,
    name integer NOT NULL,
    hostname integer NOT NULL,
    path integer NOT NULL,
    engaged_ms integer NOT NULL,
    flags integer NOT NULL,
    kind smallint NOT NULL,
    view_type smallint NOT NULL,
    view_source smallint NOT NULL,
    robot smallint NOT NULL,
    scroll smallint NOT NULL,
    currency text,
    props jsonb,
    viewer uuid,
    target integer,
    list integer,
    "position" smallint,
    measure_micros bigint,
    media_length_ms integer,
    media_position_ms integer,
    watched bytea,
    purge_id bigint,
    traits integer[]
);

CREATE TABLE public.event_told (
    site_id integer NOT NULL,
    event_id uuid NOT NULL,
    told_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.goal (
    goal_id integer NOT NULL,
    site_id integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    event_name text DEFAULT ''::text NOT NULL,
    path text DEFAULT ''::text NOT NULL,
    scroll smallint,
    currency text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT goal_check CHECK (((kind = 'event'::text) = (event_name <> ''::text))),
    CONSTRAINT goal_check1 CHECK (((kind = 'event'::text) = (path = ''::text))),
    CONSTRAINT goal_check2 CHECK ((((kind = 'scroll'::text) = (scroll IS NOT NULL)) AND ((scroll >= 1) AND (scroll <= 100)))),
    CONSTRAINT goal_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT goal_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'page'::text, 'scroll'::text]))),
    CONSTRAINT goal_name_check CHECK ((name <> ''::text))
);

ALTER TABLE public.goal ALTER COLUMN goal_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.goal_goal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_seen (
    site_id integer NOT NULL,
    day date NOT NULL,
    line bigint NOT NULL
);

CREATE TABLE public.label (
    site_id integer NOT NULL,
    label_id integer NOT NULL,
    value text NOT NULL,
    CONSTRAINT label_value_check CHECK ((octet_length(value) <= 2000))
);

CREATE TABLE public.label_day (
    site_id integer NOT NULL,
    day date NOT NULL,
    paths integer NOT NULL,
    others integer NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE public.label ALTER COLUMN label_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.label_label_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.login_failure (
    subject bytea NOT NULL,
    failed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.page_title (
    site_id integer NOT NULL,
    path integer NOT NULL,
    title text NOT NULL,
    content_id bigint,
    seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.purge (
    purge_id bigint NOT NULL,
    site_id integer NOT NULL,
    rule text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    visits bigint DEFAULT 0 NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_at timestamp with time zone
);

ALTER TABLE public.purge ALTER COLUMN purge_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.purge_purge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.raw_restored (
    site_id integer NOT NULL,
    day date NOT NULL,
    part integer NOT NULL,
    until timestamp with time zone NOT NULL
);

CREATE TABLE public.rollup_day (
    value bigint NOT NULL,
    visits bigint NOT NULL,
    bounces bigint NOT NULL,
    duration_s bigint NOT NULL,
    pageviews bigint NOT NULL,
    views bigint NOT NULL,
    events bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    dim smallint NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.rollup_hour (
    bucket timestamp with time zone NOT NULL,
    value bigint NOT NULL,
    visits bigint NOT NULL,
    bounces bigint NOT NULL,
    duration_s bigint NOT NULL,
    pageviews bigint NOT NULL,
    views bigint NOT NULL,
    events bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    site_id integer NOT NULL,
    dim smallint NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.rollup_month (
    value bigint NOT NULL,
    visits bigint NOT NULL,
    bounces bigint NOT NULL,
    duration_s bigint NOT NULL,
    pageviews bigint NOT NULL,
    views bigint NOT NULL,
    events bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    dim smallint NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='90');

CREATE TABLE public.rollup_month_made (
    site_id integer NOT NULL,
    bucket date NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.rollup_unsettled (
    site_id integer NOT NULL,
    bucket date NOT NULL
);

CREATE TABLE public.rollup_week (
    value bigint NOT NULL,
    visits bigint NOT NULL,
    bounces bigint NOT NULL,
    duration_s bigint NOT NULL,
    pageviews bigint NOT NULL,
    views bigint NOT NULL,
    events bigint NOT NULL,
    engaged_ms bigint NOT NULL,
    bucket date NOT NULL,
    site_id integer NOT NULL,
    dim smallint NOT NULL,
    visitors public.hll(14,5,-1,1) NOT NULL
)
WITH (fillfactor='100', toast_tuple_target='128');

CREATE TABLE public.rollup_week_made (
    site_id integer NOT NULL,
    bucket date NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.segment (
    segment_id integer NOT NULL,
    site_id integer NOT NULL,
    name text NOT NULL,
    filters jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT segment_name_check CHECK ((name <> ''::text))
);

ALTER TABLE public.segment ALTER COLUMN segment_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.segment_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.share_link (
    share_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    salt bytea NOT NULL,
    site_id integer NOT NULL,
    name text NOT NULL,
    password_hash text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT share_link_name_check CHECK ((name <> ''::text)),
    CONSTRAINT share_link_salt_check CHECK ((octet_length(salt) = 32)),
    CONSTRAINT share_link_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE public.share_link ALTER COLUMN share_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.share_link_share_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.share_pass (
    token_hash bytea NOT NULL,
    share_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT share_pass_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.signature_seen (
    signature bytea NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signature_seen_signature_check CHECK ((octet_length(signature) = 32))
);

CREATE TABLE public.site (
    site_id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    domain text NOT NULL,
    name text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    strict boolean DEFAULT false NOT NULL,
    default_kind text DEFAULT 'item'::text NOT NULL,
    gpc text DEFAULT 'anonymous'::text NOT NULL,
    dnt text DEFAULT 'anonymous'::text NOT NULL,
    exclude text DEFAULT ''::text NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    unique_windows text DEFAULT '30m video=24h'::text NOT NULL,
    qualified text DEFAULT '10s,50% video=30s,50%'::text NOT NULL,
    exclude_paths text DEFAULT ''::text NOT NULL,
    exclude_hosts text DEFAULT ''::text NOT NULL,
    exclude_countries text DEFAULT ''::text NOT NULL,
    items_max integer DEFAULT 100000 NOT NULL,
    paths_max integer DEFAULT 20000 NOT NULL,
    rolled_since date,
    values_max integer DEFAULT 5000 NOT NULL,
    retention_raw integer,
    retention_hours integer,
    retention_days integer,
    archive boolean DEFAULT false NOT NULL,
    public_counters boolean DEFAULT false NOT NULL,
    CONSTRAINT site_dnt_check CHECK ((dnt = ANY (ARRAY['off'::text, 'anonymous'::text, 'drop'::text]))),
    CONSTRAINT site_domain_check CHECK (((domain = lower(domain)) AND (domain <> ''::text))),
    CONSTRAINT site_gpc_check CHECK ((gpc = ANY (ARRAY['off'::text, 'anonymous'::text, 'drop'::text]))),
    CONSTRAINT site_items_max_check CHECK ((items_max >= 0)),
    CONSTRAINT site_paths_max_check CHECK ((paths_max >= 0)),
    CONSTRAINT site_retention_days_check CHECK (((retention_days >= 0) AND (retention_days <= 36600))),
    CONSTRAINT site_retention_hours_check CHECK (((retention_hours >= 0) AND (retention_hours <= 36600))),
    CONSTRAINT site_retention_raw_check CHECK (((retention_raw >= 1) AND (retention_raw <= 3660))),
    CONSTRAINT site_secret_check CHECK ((octet_length(secret) = 32)),
    CONSTRAINT site_values_max_check CHECK ((values_max > 0))
);

CREATE TABLE public.site_kept (
    site_id integer NOT NULL,
    raw_from date,
    raw_gone date,
    hours_from timestamp with time zone,
    days_from date
);

CREATE TABLE public.site_removed (
    site_id integer NOT NULL,
    removed_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.site ALTER COLUMN site_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.site_site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.spool_position (
    segment uuid NOT NULL,
    off bigint NOT NULL,
    events bigint DEFAULT 0 NOT NULL,
    finished boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.task (
    task text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    last_ok_at timestamp with time zone,
    last_error text DEFAULT ''::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    holder text DEFAULT ''::text NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.task_ask (
    ask_id bigint NOT NULL,
    task text NOT NULL,
    actor text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    place text,
    run_id bigint
);

ALTER TABLE public.task_ask ALTER COLUMN ask_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.task_ask_ask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.task_known (
    task text NOT NULL,
    everywhere boolean NOT NULL,
    period_s bigint NOT NULL,
    timeout_s bigint NOT NULL,
    help text NOT NULL
);

CREATE TABLE public.task_run (
    run_id bigint NOT NULL,
    task text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    ok boolean NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.task_run ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.task_run_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.visit_default (
    visit_id bigint NOT NULL,
    visitor bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    engaged_ms bigint NOT NULL,
    site_id integer NOT NULL,
    day date NOT NULL,
    pageviews integer NOT NULL,
    views integer NOT NULL,
    events integer NOT NULL,
    interactive integer NOT NULL,
    entry_page integer NOT NULL,
    exit_page integer NOT NULL,
    source integer NOT NULL,
    referrer integer NOT NULL,
    utm_source integer NOT NULL,
    utm_medium integer NOT NULL,
    utm_campaign integer NOT NULL,
    utm_content integer NOT NULL,
    utm_term integer NOT NULL,
    country integer NOT NULL,
    region integer NOT NULL,
    city integer NOT NULL,
    browser integer NOT NULL,
    browser_version integer NOT NULL,
    os integer NOT NULL,
    os_version integer NOT NULL,
    language integer NOT NULL,
    channel smallint NOT NULL,
    device smallint NOT NULL,
    screen smallint NOT NULL,
    auth boolean NOT NULL,
    purge_id bigint,
    entry_hostname integer NOT NULL,
    exit_hostname integer NOT NULL
);

CREATE SEQUENCE public.visit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE ONLY public.content_window ATTACH PARTITION public.content_window_default DEFAULT;

ALTER TABLE ONLY public.event ATTACH PARTITION public.event_default DEFAULT;

ALTER TABLE ONLY public.visit ATTACH PARTITION public.visit_default DEFAULT;

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.account_site
    ADD CONSTRAINT account_site_pkey PRIMARY KEY (account_id, site_id);

ALTER TABLE ONLY public.admin_session
    ADD CONSTRAINT admin_session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.archived
    ADD CONSTRAINT archived_pkey PRIMARY KEY (site_id, day, part);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.bad_record
    ADD CONSTRAINT bad_record_pkey PRIMARY KEY (bad_id);

ALTER TABLE ONLY public.content_counter
    ADD CONSTRAINT content_counter_pkey PRIMARY KEY (site_id, content_id);

ALTER TABLE ONLY public.content_day_by
    ADD CONSTRAINT content_day_by_pkey PRIMARY KEY (site_id, content_id, bucket, dim, value);

ALTER TABLE ONLY public.content_day
    ADD CONSTRAINT content_day_pkey PRIMARY KEY (site_id, bucket, content_id, auth);

ALTER TABLE ONLY public.content_hour
    ADD CONSTRAINT content_hour_pkey PRIMARY KEY (site_id, bucket, content_id, auth);

ALTER TABLE ONLY public.content_list_made
    ADD CONSTRAINT content_list_made_pkey PRIMARY KEY (site_id, list, days);

ALTER TABLE ONLY public.content_list
    ADD CONSTRAINT content_list_pkey PRIMARY KEY (site_id, list, days, content_id);

ALTER TABLE ONLY public.content_membership
    ADD CONSTRAINT content_membership_pkey PRIMARY KEY (site_id, content_id, collection, since);

ALTER TABLE ONLY public.content_month
    ADD CONSTRAINT content_month_pkey PRIMARY KEY (site_id, bucket, content_id, auth);

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (site_id, content_id);

ALTER TABLE ONLY public.content_reach
    ADD CONSTRAINT content_reach_pkey PRIMARY KEY (site_id, bucket, content_id);

ALTER TABLE ONLY public.content_related
    ADD CONSTRAINT content_related_pkey PRIMARY KEY (site_id, item, place);

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_site_id_kind_key_key UNIQUE (site_id, kind, key);

ALTER TABLE ONLY public.content_swept
    ADD CONSTRAINT content_swept_pkey PRIMARY KEY (site_id, task);

ALTER TABLE ONLY public.content_together
    ADD CONSTRAINT content_together_pkey PRIMARY KEY (site_id, bucket, item, other);

ALTER TABLE ONLY public.content_watched
    ADD CONSTRAINT content_watched_pkey PRIMARY KEY (site_id, content_id, bucket);

ALTER TABLE ONLY public.content_week
    ADD CONSTRAINT content_week_pkey PRIMARY KEY (site_id, bucket, content_id, auth);

ALTER TABLE ONLY public.content_window
    ADD CONSTRAINT content_window_pkey PRIMARY KEY (site_id, visitor, content_id, started_at);

ALTER TABLE ONLY public.content_window_default
    ADD CONSTRAINT content_window_default_pkey PRIMARY KEY (site_id, visitor, content_id, started_at);

ALTER TABLE ONLY public.day_told
    ADD CONSTRAINT day_told_pkey PRIMARY KEY (day, site_id);

ALTER TABLE ONLY public.drain_count
    ADD CONSTRAINT drain_count_pkey PRIMARY KEY (site_id, day, reason);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (site_id, viewer);

ALTER TABLE ONLY public.event_told
    ADD CONSTRAINT event_told_pkey PRIMARY KEY (site_id, event_id);

ALTER TABLE ONLY public.goal
    ADD CONSTRAINT goal_pkey PRIMARY KEY (goal_id);

ALTER TABLE ONLY public.goal
    ADD CONSTRAINT goal_site_id_name_key UNIQUE (site_id, name);

ALTER TABLE ONLY public.import_seen
    ADD CONSTRAINT import_seen_pkey PRIMARY KEY (site_id, day, line);

ALTER TABLE ONLY public.label_day
    ADD CONSTRAINT label_day_pkey PRIMARY KEY (site_id, day);

ALTER TABLE ONLY public.label
    ADD CONSTRAINT label_pkey PRIMARY KEY (site_id, label_id);

ALTER TABLE ONLY public.label
    ADD CONSTRAINT label_site_id_value_key UNIQUE (site_id, value);

ALTER TABLE ONLY public.page_title
    ADD CONSTRAINT page_title_pkey PRIMARY KEY (site_id, path);

ALTER TABLE ONLY public.purge
    ADD CONSTRAINT purge_pkey PRIMARY KEY (purge_id);

ALTER TABLE ONLY public.raw_restored
    ADD CONSTRAINT raw_restored_pkey PRIMARY KEY (site_id, day, part);

ALTER TABLE ONLY public.rollup_day
    ADD CONSTRAINT rollup_day_pkey PRIMARY KEY (site_id, dim, bucket, value);

ALTER TABLE ONLY public.rollup_hour
    ADD CONSTRAINT rollup_hour_pkey PRIMARY KEY (site_id, dim, bucket, value);

ALTER TABLE ONLY public.rollup_month_made
    ADD CONSTRAINT rollup_month_made_pkey PRIMARY KEY (site_id, bucket);

ALTER TABLE ONLY public.rollup_month
    ADD CONSTRAINT rollup_month_pkey PRIMARY KEY (site_id, dim, bucket, value);

ALTER TABLE ONLY public.rollup_unsettled
    ADD CONSTRAINT rollup_unsettled_pkey PRIMARY KEY (site_id, bucket);

ALTER TABLE ONLY public.rollup_week_made
    ADD CONSTRAINT rollup_week_made_pkey PRIMARY KEY (site_id, bucket);

ALTER TABLE ONLY public.rollup_week
    ADD CONSTRAINT rollup_week_pkey PRIMARY KEY (site_id, dim, bucket, value);

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (segment_id);

ALTER TABLE ONLY public.segment
    ADD CONSTRAINT segment_site_id_name_key UNIQUE (site_id, name);

ALTER TABLE ONLY public.share_link
    ADD CONSTRAINT share_link_pkey PRIMARY KEY (share_id);

ALTER TABLE ONLY public.share_link
    ADD CONSTRAINT share_link_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.share_pass
    ADD CONSTRAINT share_pass_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.signature_seen
    ADD CONSTRAINT signature_seen_pkey PRIMARY KEY (signature);

ALTER TABLE ONLY public.site
    ADD CONSTRAINT site_domain_key UNIQUE (domain);

ALTER TABLE ONLY public.site_kept
    ADD CONSTRAINT site_kept_pkey PRIMARY KEY (site_id);

ALTER TABLE ONLY public.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (site_id);

ALTER TABLE ONLY public.site
    ADD CONSTRAINT site_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY public.site_removed
    ADD CONSTRAINT site_removed_pkey PRIMARY KEY (site_id);

ALTER TABLE ONLY public.spool_position
    ADD CONSTRAINT spool_position_pkey PRIMARY KEY (segment);

ALTER TABLE ONLY public.task_ask
    ADD CONSTRAINT task_ask_pkey PRIMARY KEY (ask_id);

ALTER TABLE ONLY public.task_known
    ADD CONSTRAINT task_known_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (task, place);

ALTER TABLE ONLY public.task_run
    ADD CONSTRAINT task_run_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (site_id, visitor, day, visit_id);

ALTER TABLE ONLY public.visit_default
    ADD CONSTRAINT visit_default_pkey PRIMARY KEY (site_id, visitor, day, visit_id);

CREATE INDEX account_site_site ON public.account_site USING btree (site_id);

CREATE INDEX admin_session_account ON public.admin_session USING btree (account_id);

CREATE INDEX audit_at ON public.audit USING btree (at);

CREATE INDEX content_in ON public.content USING btree (site_id, collection) WHERE (collection <> ''::text);

CREATE INDEX content_list_score ON public.content_list USING btree (site_id, list, days, score DESC);

CREATE INDEX content_membership_collection ON public.content_membership USING btree (site_id, collection);

CREATE INDEX content_owner ON public.content USING btree (site_id, owner) WHERE (owner <> ''::text);

CREATE INDEX event_client_id ON ONLY public.event USING btree (site_id, event_id) WHERE ((flags & 1) <> 0);

CREATE INDEX event_default_site_id_event_id_idx ON public.event_default USING btree (site_id, event_id) WHERE ((flags & 1) <> 0);

CREATE INDEX event_viewer ON ONLY public.event USING btree (site_id, viewer, ts) WHERE (viewer IS NOT NULL);

CREATE INDEX event_default_site_id_viewer_ts_idx ON public.event_default USING btree (site_id, viewer, ts) WHERE (viewer IS NOT NULL);

CREATE INDEX event_ts ON ONLY public.event USING brin (ts);

CREATE INDEX event_default_ts_idx ON public.event_default USING brin (ts);

CREATE INDEX event_told_at ON public.event_told USING brin (told_at);

CREATE INDEX login_failure_subject ON public.login_failure USING btree (subject, failed_at);

CREATE UNIQUE INDEX share_link_name ON public.share_link USING btree (site_id, name) WHERE (revoked_at IS NULL);

CREATE INDEX signature_seen_at ON public.signature_seen USING btree (seen_at);

CREATE INDEX task_ask_open ON public.task_ask USING btree (task) WHERE (run_id IS NULL);

CREATE UNIQUE INDEX task_ask_waiting ON public.task_ask USING btree (task) WHERE (started_at IS NULL);

CREATE INDEX task_run_task ON public.task_run USING btree (task, place, run_id);

ALTER INDEX public.content_window_pkey ATTACH PARTITION public.content_window_default_pkey;

ALTER INDEX public.event_client_id ATTACH PARTITION public.event_default_site_id_event_id_idx;

ALTER INDEX public.event_viewer ATTACH PARTITION public.event_default_site_id_viewer_ts_idx;

ALTER INDEX public.event_ts ATTACH PARTITION public.event_default_ts_idx;

ALTER INDEX public.visit_pkey ATTACH PARTITION public.visit_default_pkey;

CREATE TRIGGER content_added AFTER INSERT ON public.content FOR EACH ROW WHEN ((new.collection <> ''::text)) EXECUTE FUNCTION public.footfall_content_moved();

CREATE TRIGGER content_moved AFTER UPDATE OF collection ON public.content FOR EACH ROW WHEN ((old.collection IS DISTINCT FROM new.collection)) EXECUTE FUNCTION public.footfall_content_moved();

ALTER TABLE ONLY public.account_site
    ADD CONSTRAINT account_site_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.account_site
    ADD CONSTRAINT account_site_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.admin_session
    ADD CONSTRAINT admin_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(account_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.archived
    ADD CONSTRAINT archived_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_list_made
    ADD CONSTRAINT content_list_made_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_membership
    ADD CONSTRAINT content_membership_site_id_content_id_fkey FOREIGN KEY (site_id, content_id) REFERENCES public.content(site_id, content_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_swept
    ADD CONSTRAINT content_swept_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.goal
    ADD CONSTRAINT goal_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.purge
    ADD CONSTRAINT purge_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.raw_restored
    ADD CONSTRAINT raw_restored_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rollup_month_made
    ADD CONSTRAINT rollup_month_made_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rollup_unsettled
    ADD CONSTRAINT rollup_unsettled_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rollup_week_made
    ADD CONSTRAINT rollup_week_made_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.segment
    ADD CONSTRAINT segment_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.share_link
    ADD CONSTRAINT share_link_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.share_pass
    ADD CONSTRAINT share_pass_share_id_fkey FOREIGN KEY (share_id) REFERENCES public.share_link(share_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.site_kept
    ADD CONSTRAINT site_kept_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.site(site_id) ON DELETE CASCADE;

