-- All single rows of a site were looked at. $1 site_id, $2 task, $3 when, $4 lists.views
INSERT INTO content_swept (site_id, task, swept_at, counted)
VALUES ($1, $2, $3, $4)
ON CONFLICT (site_id, task) DO UPDATE SET swept_at = excluded.swept_at, counted = excluded.counted
