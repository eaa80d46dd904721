-- Opens a cursor over a site's events of one UTC day, labels and items as texts. $1: site, $2: day. The columns are those of
-- fact/archive_table.c.
DECLARE archive NO SCROLL CURSOR FOR
SELECT ts, event_id, visit_id, visitor,
    (SELECT kind FROM content c WHERE c.site_id = e.site_id AND c.content_id = e.content_id),
    (SELECT key FROM content c WHERE c.site_id = e.site_id AND c.content_id = e.content_id),
    value_micros,
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = e.name),
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = e.hostname),
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = e.path),
    engaged_ms, flags, kind, view_type, view_source, robot, scroll, currency, props, viewer,
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = e.target),
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = e.list),
    position, measure_micros, media_length_ms, media_position_ms, watched, purge_id,
    CASE WHEN traits IS NOT NULL THEN (
        SELECT jsonb_agg(CASE WHEN i <= 15 THEN l.value ELSE t::text END ORDER BY i)
        FROM unnest(e.traits) WITH ORDINALITY AS x(t, i)
        LEFT JOIN label l ON l.site_id = e.site_id AND l.label_id = t AND i <= 15) END
FROM event e
WHERE site_id = $1::int AND ts >= $2::date::timestamp AT TIME ZONE 'UTC' AND ts < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
