-- When a list was made last, and with which settings. $1 site_id, $2 list, $3 days. -> made_at, settings
SELECT made_at, settings FROM content_list_made WHERE site_id = $1 AND list = $2 AND days = $3
