-- All users of the admin pages. No parameters. -> login, role, since, sessions
SELECT a.login, a.role, a.created_at, count(s.account_id)
FROM account a
LEFT JOIN admin_session s USING (account_id)
GROUP BY a.account_id
ORDER BY a.login
