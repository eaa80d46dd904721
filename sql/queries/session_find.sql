-- A session that still holds. $1: token hash, $2: seconds it may be idle -> account, login, role, CSRF token, whether
-- it was seen more than a minute ago, whether the account sees every site
SELECT account_id, login, role, csrf, seen_at < now() - interval '1 minute', every_site
FROM admin_session JOIN account USING (account_id)
WHERE token_hash = $1 AND expires_at > now() AND seen_at > now() - $2::bigint * interval '1 second'
