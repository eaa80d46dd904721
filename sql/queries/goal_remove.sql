-- Takes a goal away. $1: site, $2: goal -> its name; no row if there is none
DELETE FROM goal WHERE site_id = $1::int AND goal_id = $2::bigint RETURNING name
