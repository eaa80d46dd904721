-- Says what a purge took out. $1: site, $2: purge, $3: visits, $4: events
UPDATE purge SET visits = $3::bigint, events = $4::bigint WHERE site_id = $1::int AND purge_id = $2::bigint
