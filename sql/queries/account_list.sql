-- All accounts. No parameters. -> login, role, since, sessions that hold now, every site, sites granted as domain:role
SELECT login, role, account.created_at, count(s.token_hash) FILTER (WHERE s.expires_at > now()), every_site,
       (SELECT string_agg(domain || ':' || g.role, ' ' ORDER BY domain) FROM account_site g JOIN site USING (site_id)
        WHERE g.account_id = account.account_id)
FROM account
LEFT JOIN admin_session s USING (account_id)
GROUP BY account.account_id
ORDER BY login
