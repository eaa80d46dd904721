-- Events, rows in binary. No parameters.
COPY event (ts, event_id, visit_id, visitor, content_id, value_micros, site_id, name, hostname, path, engaged_ms, flags,
    kind, view_type, view_source, robot, scroll, viewer, target, list, position, measure_micros, media_length_ms,
    media_position_ms, watched, traits, currency, props)
FROM STDIN (FORMAT binary)
