-- Lets an account see every site, or those alone that are granted to it. $1: login, $2: every site -> account_id; no
-- row: no such account
UPDATE account SET every_site = $2::boolean WHERE login = $1 RETURNING account_id
