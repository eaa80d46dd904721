-- Who is granted a site. $1: site -> account, login, role, whether there is a password to sign in with
SELECT account_id, login, g.role, a.has_password
FROM account_site g JOIN account a USING (account_id)
WHERE g.site_id = $1::int AND NOT a.every_site
ORDER BY account_id
