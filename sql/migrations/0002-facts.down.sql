DROP FUNCTION footfall_purge_others(int, bigint);
DROP FUNCTION footfall_purge_sums(int, bigint);
DROP FUNCTION footfall_event_dims(event, visit, int);
DROP FUNCTION footfall_visit_dims(visit, int);
DROP FUNCTION footfall_hour(timestamptz, text);
ALTER TABLE visit DROP COLUMN purge_id;
DROP TRIGGER content_added ON content;
DROP TRIGGER content_moved ON content;
DROP FUNCTION footfall_content_moved();
DROP FUNCTION footfall_content_move(int, bigint, text, timestamptz);
DROP TABLE audit, erasure, purge, content_membership, page_title;
DROP INDEX event_viewer;
ALTER TABLE content DROP COLUMN managed, DROP COLUMN removed_at;
ALTER TABLE event
    DROP COLUMN viewer, DROP COLUMN target, DROP COLUMN list, DROP COLUMN position, DROP COLUMN measure_micros,
    DROP COLUMN media_length_ms, DROP COLUMN media_position_ms, DROP COLUMN watched, DROP COLUMN purge_id;
ALTER TABLE site
    DROP COLUMN unique_windows, DROP COLUMN qualified, DROP COLUMN exclude_paths, DROP COLUMN exclude_hosts,
    DROP COLUMN exclude_countries, DROP COLUMN items_max, DROP COLUMN paths_max;
