-- Another domain for a site. $1: site, $2: domain -> a row if there is such a site
UPDATE site SET domain = $2 WHERE site_id = $1::int RETURNING site_id
