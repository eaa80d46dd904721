-- Gives a viewer's windows to a stranger. $1: site, $2: the visitor's identity, $3: the stranger's
UPDATE content_window SET visitor = $3::bigint WHERE site_id = $1::int AND visitor = $2::bigint
