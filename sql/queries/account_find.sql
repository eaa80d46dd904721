-- An account for signing in. $1: login -> id, password hash, role
SELECT account_id, password_hash, role FROM account WHERE login = $1
