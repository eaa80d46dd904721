-- 0004 weeks: the sums of whole weeks, so that a month of days is a dozen rows of each value; and what was mended since.

-- == Weeks ==

-- A week's figures from Monday on, from its days once it is over in the site's zone (task "weeks"). They only repeat what the
-- days say, so whatever changes a day takes its week back (rollup_week_made), and the task makes it anew. The rows are
-- narrow, sketches stand beside: many are added up for the few whose visitors are shown.
CREATE TABLE rollup_week (LIKE rollup_day INCLUDING ALL);
ALTER TABLE rollup_week SET (fillfactor = 100, toast_tuple_target = 128), ALTER COLUMN visitors SET STORAGE EXTERNAL;
CREATE TABLE content_week (LIKE content_day INCLUDING ALL);
ALTER TABLE content_week SET (fillfactor = 100, toast_tuple_target = 128), ALTER COLUMN visitors SET STORAGE EXTERNAL;
CREATE TABLE rollup_week_made (
    site_id int NOT NULL REFERENCES site ON DELETE CASCADE,
    bucket  date NOT NULL,                          -- the week's Monday
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, bucket)
);

-- == Drain ==

-- == Mended ==

-- When an item's counters were last set back by hand: a purge takes out of them, and its undo puts back, only what came after.
ALTER TABLE content_counter ADD COLUMN day_reset_at timestamptz, ADD COLUMN month_reset_at timestamptz;

-- Which collection an item was in on a day that is seen late, or imported: the first one that is known of it holds for all days
-- before, the others since they were said. footfall.moved_at: the time that who changes content.collection gives for it.
CREATE OR REPLACE FUNCTION footfall_content_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM footfall_content_move(NEW.site_id, NEW.content_id, NEW.collection,
        coalesce(nullif(current_setting('footfall.moved_at', true), '')::timestamptz,
                 CASE TG_OP WHEN 'INSERT' THEN '-infinity' ELSE now() END));
    RETURN NULL;
END
$$;
-- A view says it: of an item that nobody manages, and if it is not from before the last change. -> the collection it is in
CREATE FUNCTION footfall_content_said(site int, item bigint, into_collection text, said_at timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
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
UPDATE content_membership m SET since = '-infinity' FROM content c
WHERE (c.site_id, c.content_id) = (m.site_id, m.content_id) AND NOT c.managed AND NOT EXISTS (
    SELECT FROM content_membership o WHERE (o.site_id, o.content_id) = (m.site_id, m.content_id) AND o.since < m.since);

-- What an account is when only its name is said: nobody's that can do anything. The statistics' role may say no more
-- (sql/grants.sql), and sees whether there is a password, not its hash.
ALTER TABLE account
    ALTER password_hash SET DEFAULT '!', ALTER role SET DEFAULT 'viewer', ALTER every_site SET DEFAULT false,
    ADD COLUMN has_password boolean NOT NULL GENERATED ALWAYS AS (password_hash <> '!') STORED;
