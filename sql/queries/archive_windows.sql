-- Opens a cursor over a site's windows of one UTC day, items as texts. $1: site, $2: day. The columns are those of
-- fact/archive_table.c.
DECLARE archive NO SCROLL CURSOR FOR
SELECT started_at, visitor,
    (SELECT kind FROM content c WHERE c.site_id = w.site_id AND c.content_id = w.content_id),
    (SELECT key FROM content c WHERE c.site_id = w.site_id AND c.content_id = w.content_id),
    engaged_ms, event_id, percent, auth, qualified, played, completed, watched, purge_id
FROM content_window w
WHERE site_id = $1::int AND started_at >= $2::date::timestamp AT TIME ZONE 'UTC'
    AND started_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
