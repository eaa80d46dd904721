-- The same for the events; what viewers may have written goes. $1: site, $2: the visitor's identity, $3: the stranger's
UPDATE event SET viewer = NULL, props = NULL, target = NULL, visitor = $3::bigint
WHERE site_id = $1::int AND viewer IS NOT NULL AND visitor = $2::bigint
