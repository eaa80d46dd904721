-- The place for checking a password is free again. $1: number of the place
SELECT pg_advisory_unlock(hashtext('footfall.login'), $1::int)
