-- A sign-in failed. $1: account's subject, $2: address prefix's subject. What no longer counts goes.
WITH gone AS (DELETE FROM login_failure WHERE failed_at <= now() - interval '15 minutes')
INSERT INTO login_failure (subject) VALUES ($1), ($2)
