-- == Mended ==
ALTER TABLE content_counter DROP COLUMN month_reset_at, DROP COLUMN day_reset_at;

-- == Drain ==

-- == Weeks ==
DROP TABLE rollup_week_made;
DROP TABLE content_week;
DROP TABLE rollup_week;
