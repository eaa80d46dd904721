-- Failed sign-ins of the last 15 minutes. $1: account's subject, $2: address prefix's subject -> of each
SELECT count(*) FILTER (WHERE subject = $1), count(*) FILTER (WHERE subject = $2) FROM login_failure
WHERE subject IN ($1, $2) AND failed_at > now() - interval '15 minutes'
