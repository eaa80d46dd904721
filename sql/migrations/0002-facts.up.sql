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

-- What an operator took out of the figures after the fact, and may put back. rule: as it was given.
CREATE TABLE purge (
    purge_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    int NOT NULL REFERENCES site ON DELETE CASCADE,
    rule       text NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz NOT NULL,
    events     bigint NOT NULL,
    pageviews  bigint NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    undone_at  timestamptz
);

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
