-- New windows, rows in binary. No parameters.
COPY content_window (started_at, content_id, visitor, engaged_ms, event_id, site_id, percent, auth, qualified, played,
    completed, watched)
FROM STDIN (FORMAT binary)
