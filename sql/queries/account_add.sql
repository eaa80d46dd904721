-- A new account. $1: login, lower case, $2: password hash, $3: role -> its id
INSERT INTO account (login, password_hash, role, every_site) VALUES ($1, $2, $3, true) RETURNING account_id
