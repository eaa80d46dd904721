-- Takes a site from an account. $1: login, $2: site -> a row if it was granted
DELETE FROM account_site g USING account a
WHERE a.login = $1 AND g.account_id = a.account_id AND g.site_id = $2::int
RETURNING g.role
