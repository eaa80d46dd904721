-- 0001 foundation: sites, content, labels, visits, events, rollups, the drain's books, accounts and tasks.
--
-- Every key begins with site_id, so that partitioning and distribution by site stay possible. Text that
-- repeats is a label: an integer in the wide tables. Numbers of kinds, channels, devices, dimensions and
-- reasons are those of the headers in src/fact/.

CREATE EXTENSION IF NOT EXISTS hll;

CREATE TABLE site (
    site_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id    uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    domain       text NOT NULL UNIQUE CHECK (domain = lower(domain) AND domain <> ''),
    name         text NOT NULL,
    time_zone    text NOT NULL DEFAULT 'UTC',
    strict       boolean NOT NULL DEFAULT false,
    default_kind text NOT NULL DEFAULT 'item',
    gpc          text NOT NULL DEFAULT 'anonymous' CHECK (gpc IN ('off', 'anonymous', 'drop')),
    dnt          text NOT NULL DEFAULT 'anonymous' CHECK (dnt IN ('off', 'anonymous', 'drop')),
    exclude      text NOT NULL DEFAULT '',      -- CIDR list of the team's own addresses
    secret       bytea NOT NULL CHECK (octet_length(secret) = 32),
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE label (
    site_id  int NOT NULL,
    label_id int GENERATED ALWAYS AS IDENTITY,
    value    text NOT NULL CHECK (octet_length(value) <= 2000),
    PRIMARY KEY (site_id, label_id),
    UNIQUE (site_id, value)
);

CREATE TABLE content (
    site_id      int NOT NULL REFERENCES site ON DELETE CASCADE,
    content_id   bigint GENERATED ALWAYS AS IDENTITY,
    kind         text NOT NULL,
    key          text NOT NULL,
    title        text NOT NULL DEFAULT '',
    url          text NOT NULL DEFAULT '',
    owner        text NOT NULL DEFAULT '',
    collection   text NOT NULL DEFAULT '',
    private      boolean NOT NULL DEFAULT false,
    published_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, content_id),
    UNIQUE (site_id, kind, key)
);

-- day and month are the site's local ones at the last view: "today" is views_day only while day is today,
-- so a calendar reset is a fact of reading.
CREATE TABLE content_counter (
    site_id     int NOT NULL,
    content_id  bigint NOT NULL,
    day         date NOT NULL,
    views_day   bigint NOT NULL,
    views_month bigint NOT NULL,                -- of day's month
    views_total bigint NOT NULL,
    PRIMARY KEY (site_id, content_id)
) WITH (fillfactor = 70);

CREATE SEQUENCE visit_id_seq AS bigint;

-- What belongs to the visitor's visit once. day: UTC day of the first event the drain saw.
CREATE TABLE visit (
    visit_id     bigint NOT NULL,
    visitor      bigint NOT NULL,
    started_at   timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    engaged_ms   bigint NOT NULL,
    site_id      int NOT NULL,
    day          date NOT NULL,
    pageviews    int NOT NULL,
    views        int NOT NULL,                  -- of content items
    events       int NOT NULL,                  -- all but engagement
    interactive  int NOT NULL,                  -- a bounce is a visit with at most one
    entry_page   int NOT NULL,                  -- labels from here
    exit_page    int NOT NULL,
    source       int NOT NULL,
    referrer     int NOT NULL,
    utm_source   int NOT NULL,
    utm_medium   int NOT NULL,
    utm_campaign int NOT NULL,
    utm_content  int NOT NULL,
    utm_term     int NOT NULL,
    country      int NOT NULL,
    region       int NOT NULL,
    city         int NOT NULL,
    browser      int NOT NULL,
    browser_version int NOT NULL,
    os           int NOT NULL,
    os_version   int NOT NULL,
    language     int NOT NULL,
    channel      smallint NOT NULL,
    device       smallint NOT NULL,
    screen       smallint NOT NULL,
    auth         boolean NOT NULL,
    PRIMARY KEY (site_id, visitor, day, visit_id)
) PARTITION BY RANGE (day);
CREATE TABLE visit_default PARTITION OF visit DEFAULT;

CREATE TABLE event (
    ts          timestamptz NOT NULL,
    event_id    uuid NOT NULL,
    visit_id    bigint NOT NULL,                -- 0: robots and events without identity
    visitor     bigint NOT NULL,
    content_id  bigint,
    value_micros bigint,
    site_id     int NOT NULL,
    name        int NOT NULL,                   -- label
    hostname    int NOT NULL,                   -- label
    path        int NOT NULL,                   -- label
    engaged_ms  int NOT NULL,
    flags       int NOT NULL,
    kind        smallint NOT NULL,
    view_type   smallint NOT NULL,
    view_source smallint NOT NULL,
    robot       smallint NOT NULL,
    scroll      smallint NOT NULL,
    currency    text,
    props       jsonb
) PARTITION BY RANGE (ts);
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE INDEX event_ts ON event USING brin (ts);
-- Retry duplicates are looked for by the ids that clients chose (flag 1 = FF_FLAG_CLIENT_ID).
CREATE INDEX event_client_id ON event (site_id, event_id) WHERE (flags & 1) <> 0;

-- The tables of one UTC day. LIKE and ATTACH keep readers of the other days going, where CREATE ... PARTITION OF
-- would wait for all of them. Rows of the day that DEFAULT took in meanwhile move over.
CREATE FUNCTION footfall_partition_add(parent text, day date, key text, lo text, hi text) RETURNS boolean
LANGUAGE plpgsql AS $$
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

-- True if something was missing. Two that make the same day wait for each other.
CREATE FUNCTION footfall_partition_make(day date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    made_event boolean;
    made_visit boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(7061, day - date '2000-01-01');
    made_event := footfall_partition_add('event', day, 'ts', day || ' 00:00:00+00', day + 1 || ' 00:00:00+00');
    made_visit := footfall_partition_add('visit', day, 'day', day::text, (day + 1)::text);
    RETURN made_event OR made_visit;
END
$$;

-- Takes back both tables of a day; says which were there, with the planner's idea of their rows. A reader that
-- holds one up must not make all others queue behind us, so it waits two seconds only and is tried again later.
CREATE FUNCTION footfall_partition_drop(day date) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    part    text;
    rows    bigint;
    dropped text := '';
BEGIN
    FOREACH part IN ARRAY ARRAY['event_' || to_char(day, 'YYYYMMDD'), 'visit_' || to_char(day, 'YYYYMMDD')] LOOP
        SELECT greatest(reltuples, 0) INTO rows FROM pg_class WHERE oid = to_regclass(part);
        IF FOUND THEN
            EXECUTE format('DROP TABLE %I', part);
            dropped := dropped || format(', %s (about %s rows)', part, rows);
        END IF;
    END LOOP;
    RETURN substr(dropped, 3);
END
$$;

-- Imported lines, so that the same file counts once however often it is read, even after raw data is gone.
CREATE TABLE import_seen (
    site_id int NOT NULL,
    day     date NOT NULL,
    line    bigint NOT NULL,                    -- first 8 bytes of the event id
    PRIMARY KEY (site_id, day, line)
);

-- bucket: the instant at which a local hour of the site began, or the local day. value: a label, a content
-- id (dimension 2), a number (channel, device), or 0 (dimension 0). Visits, bounces and durations stand in the
-- bucket of the visit's start; pageviews, views, events and visitors in that of the event.
CREATE TABLE rollup_hour (
    bucket      timestamptz NOT NULL,
    value       bigint NOT NULL,
    visits      bigint NOT NULL,
    bounces     bigint NOT NULL,
    duration_s  bigint NOT NULL,
    pageviews   bigint NOT NULL,
    views       bigint NOT NULL,
    events      bigint NOT NULL,
    engaged_ms  bigint NOT NULL,
    site_id     int NOT NULL,
    dim         smallint NOT NULL,
    visitors    hll(14, 5, -1, 1) NOT NULL,
    PRIMARY KEY (site_id, dim, bucket, value)
) WITH (fillfactor = 50);

CREATE TABLE rollup_day (
    value       bigint NOT NULL,
    visits      bigint NOT NULL,
    bounces     bigint NOT NULL,
    duration_s  bigint NOT NULL,
    pageviews   bigint NOT NULL,
    views       bigint NOT NULL,
    events      bigint NOT NULL,
    engaged_ms  bigint NOT NULL,
    bucket      date NOT NULL,
    site_id     int NOT NULL,
    dim         smallint NOT NULL,
    visitors    hll(14, 5, -1, 1) NOT NULL,
    PRIMARY KEY (site_id, dim, bucket, value)
) WITH (fillfactor = 50);

-- The drain's books. The position is kept here and nowhere else.
CREATE TABLE spool_position (
    segment    uuid PRIMARY KEY,
    off        bigint NOT NULL,
    events     bigint NOT NULL DEFAULT 0,       -- records taken from it so far
    finished   boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE bad_record (
    bad_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    segment     uuid NOT NULL,
    off         bigint NOT NULL,
    received_at timestamptz NOT NULL,
    reason      text NOT NULL,
    payload     bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- What the drain did with received events beyond storing them, by reason (src/fact/reason.h).
CREATE TABLE drain_count (
    site_id int NOT NULL,
    day     date NOT NULL,                      -- UTC day of receipt
    reason  smallint NOT NULL,
    n       bigint NOT NULL,
    PRIMARY KEY (site_id, day, reason)
);

CREATE TABLE account (
    account_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login         text NOT NULL UNIQUE CHECK (login = lower(login) AND login <> ''),
    password_hash text NOT NULL,
    role          text NOT NULL CHECK (role IN ('viewer', 'moderator', 'admin')),
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE admin_session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    csrf       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX admin_session_account ON admin_session (account_id);

-- Failed sign-ins, by keyed hash of account name and of address prefix: no address is stored.
CREATE TABLE login_failure (
    subject   bytea NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failure_subject ON login_failure (subject, failed_at);

CREATE TABLE api_key (
    key_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    name       text NOT NULL,
    site_id    int REFERENCES site ON DELETE CASCADE,  -- null: all sites
    scopes     text NOT NULL,                          -- space separated: stats:read events:write ...
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

-- place: host and state directory, of tasks that look after a host's files; empty where one run serves all hosts.
CREATE TABLE task_run (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task        text NOT NULL,
    place       text NOT NULL DEFAULT '',
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    ok          boolean NOT NULL,
    detail      text NOT NULL DEFAULT ''        -- what was done, or the error
);
CREATE INDEX task_run_task ON task_run (task, place, run_id);

-- The next moment each task is due and how it went last; the run itself holds an advisory lock.
CREATE TABLE task (
    task         text NOT NULL,
    place        text NOT NULL DEFAULT '',
    due_at       timestamptz NOT NULL,
    last_ok_at   timestamptz,
    last_error   text NOT NULL DEFAULT '',
    failures     int NOT NULL DEFAULT 0,        -- in a row; back-off grows with it
    PRIMARY KEY (task, place)
) WITH (fillfactor = 50);
