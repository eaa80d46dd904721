-- The sites that are granted to an account. $1: account -> site, role
SELECT site_id, role FROM account_site WHERE account_id = $1::bigint ORDER BY site_id
