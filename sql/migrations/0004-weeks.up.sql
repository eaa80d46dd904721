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
