-- Takes a site away with its settings, items, goals, keys and links; its figures are left to site_sweep. $1: site -> a row
-- if there was one
WITH gone AS (
    DELETE FROM site WHERE site_id = $1::int RETURNING site_id
)
INSERT INTO site_removed (site_id) SELECT site_id FROM gone RETURNING site_id
