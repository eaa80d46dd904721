-- == Mended ==

-- == Drain ==

-- == Weeks ==
DROP TABLE rollup_week_made;
DROP TABLE content_week;
DROP TABLE rollup_week;
