-- An account without a password yet, which sees the sites alone that are granted to it. $1: login -> a row if it is new
INSERT INTO account (login, password_hash, role, every_site) VALUES ($1, '!', 'viewer', false)
ON CONFLICT (login) DO NOTHING
RETURNING account_id
