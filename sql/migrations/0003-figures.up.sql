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

-- == Access ==

-- == Lists and public counters ==

-- == Jobs ==
