-- == Jobs ==

-- == Lists and public counters ==

-- == Access ==

-- == Retention ==

-- == Goals and segments ==
DROP TABLE segment;
DROP TABLE goal;

-- == Rollups ==
DROP TABLE content_day_by;
DROP TABLE rollup_month_made;
DROP TABLE content_month;
DROP TABLE rollup_month;
