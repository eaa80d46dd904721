-- Sites that were taken away a while ago, so that what was on its way has arrived. No parameters. -> site
SELECT site_id FROM site_removed WHERE removed_at < now() - interval '15 minutes' ORDER BY site_id
