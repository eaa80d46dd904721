-- An account without a password yet, which sees the sites alone that are granted to it. $1: login -> a row if it is new
INSERT INTO account (login) VALUES ($1)
ON CONFLICT (login) DO NOTHING
RETURNING account_id
