-- A session ends. $1: token hash
DELETE FROM admin_session WHERE token_hash = $1
