-- Grants a site to an account, or changes the role. $1: login, $2: site, $3: role -> whether the account sees every
-- site anyway, its role; no row: no such account
WITH granted AS (
    INSERT INTO account_site (account_id, site_id, role)
    SELECT account_id, $2::int, $3::text FROM account WHERE login = $1
    ON CONFLICT (account_id, site_id) DO UPDATE SET role = excluded.role
    RETURNING account_id
)
SELECT every_site, role FROM account WHERE login = $1
