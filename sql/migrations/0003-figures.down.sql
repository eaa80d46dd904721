-- == Jobs ==
DROP TABLE signature_seen;
DROP TABLE task_ask;
ALTER TABLE task DROP COLUMN started_at, DROP COLUMN holder;
DROP TABLE task_known;

-- == Lists and public counters ==
DROP INDEX content_in;
DROP INDEX content_owner;
DROP TABLE content_swept;
DROP TABLE content_related;
DROP TABLE content_together;
DROP TABLE content_list_made;
DROP TABLE content_list;
DROP TABLE content_reach;
DROP TABLE content_watched;
ALTER TABLE site DROP COLUMN public_counters;

-- == Access ==
DROP TABLE site_removed;
DROP TABLE share_pass;
DROP TABLE share_link;
DROP TABLE account_site;
ALTER TABLE account DROP COLUMN every_site;

-- == Retention ==
DROP FUNCTION footfall_kept(int[], timestamptz, bigint, bigint, bigint);
DROP TABLE site_kept;
DROP TABLE day_told;
DROP TABLE event_told;
ALTER TABLE site
    DROP COLUMN retention_raw,
    DROP COLUMN retention_hours,
    DROP COLUMN retention_days,
    DROP COLUMN archive;

-- == Goals and segments ==
DROP TABLE segment;
DROP TABLE goal;

-- == Rollups ==
ALTER TABLE event DROP COLUMN traits;
ALTER TABLE visit DROP COLUMN entry_hostname, DROP COLUMN exit_hostname;
DELETE FROM rollup_hour WHERE dim > 17;
DELETE FROM rollup_day WHERE dim > 17;
ALTER TABLE site DROP COLUMN rolled_since, DROP COLUMN values_max;
DROP TABLE content_day_by;
DROP TABLE rollup_month_made;
DROP TABLE content_month;
DROP TABLE rollup_month;
