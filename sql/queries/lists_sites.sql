-- The sites whose lists are made. $1 task (content_swept), $2 seconds that single rows are kept where a site does not say.
-- -> site_id, time zone, seconds that single rows are kept, when all of them were looked at last or null, until or null, lists.views
-- of that time
SELECT s.site_id, s.time_zone, coalesce(s.retention_raw * bigint '86400', $2), nullif(w.swept_at, '-infinity'),
       nullif(w.until, '-infinity'), w.counted
FROM site s
LEFT JOIN content_swept w ON w.site_id = s.site_id AND w.task = $1
ORDER BY s.site_id
