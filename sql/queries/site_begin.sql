-- The first local day that a site has data of. $1 site_id. -> day; no row where there is none
SELECT bucket FROM rollup_day WHERE site_id = $1 AND dim = 0 ORDER BY bucket LIMIT 1
