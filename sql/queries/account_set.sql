-- Another password (or the same one, hashed anew). $1: login, $2: password hash -> id
UPDATE account SET password_hash = $2 WHERE login = $1 RETURNING account_id
