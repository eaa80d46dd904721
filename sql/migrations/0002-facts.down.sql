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
CREATE OR REPLACE FUNCTION footfall_partition_make(day date) RETURNS boolean
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
CREATE OR REPLACE FUNCTION footfall_partition_drop(day date) RETURNS text
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
DELETE FROM rollup_hour WHERE dim = 17;
DELETE FROM rollup_day WHERE dim = 17;
INSERT INTO rollup_hour (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
SELECT bucket, content_id, 0, 0, 0, sum(pageviews), sum(views), sum(events), sum(engaged_ms), site_id, 2, hll_union_agg(visitors)
FROM content_hour GROUP BY site_id, bucket, content_id;
INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
SELECT bucket, content_id, 0, 0, 0, sum(pageviews), sum(views), sum(events), sum(engaged_ms), site_id, 2, hll_union_agg(visitors)
FROM content_day GROUP BY site_id, bucket, content_id;
ALTER TABLE content_counter
    DROP COLUMN uniques_day, DROP COLUMN uniques_month, DROP COLUMN uniques_total,
    DROP COLUMN qualified_day, DROP COLUMN qualified_month, DROP COLUMN qualified_total;
DROP FUNCTION footfall_purge_items(int, bigint), footfall_purge_item_others(int, bigint);
DROP TABLE content_hour, content_day, content_window, label_day;
DROP TABLE audit, erasure, purge, content_membership, page_title;
DROP INDEX event_viewer;
ALTER TABLE content DROP COLUMN managed, DROP COLUMN removed_at;
ALTER TABLE event
    DROP COLUMN viewer, DROP COLUMN target, DROP COLUMN list, DROP COLUMN position, DROP COLUMN measure_micros,
    DROP COLUMN media_length_ms, DROP COLUMN media_position_ms, DROP COLUMN watched, DROP COLUMN purge_id;
ALTER TABLE site
    DROP COLUMN unique_windows, DROP COLUMN qualified, DROP COLUMN exclude_paths, DROP COLUMN exclude_hosts,
    DROP COLUMN exclude_countries, DROP COLUMN items_max, DROP COLUMN paths_max;
