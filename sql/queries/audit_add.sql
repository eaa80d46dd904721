-- Who changed what by hand. $1: actor, $2: action, $3: site or null, $4: detail
INSERT INTO audit (actor, action, site_id, detail) VALUES ($1, $2, $3::int, $4)
