-- All sessions of an account end. $1: account
DELETE FROM admin_session WHERE account_id = $1
