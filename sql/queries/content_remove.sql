-- Takes an item out of all lists. $1: site, $2: kind, $3: key -> content_id, if it was there
UPDATE content SET removed_at = now()
WHERE site_id = $1::int AND kind = $2 AND key = $3 AND removed_at IS NULL
RETURNING content_id
