-- One of the places for checking a password, held by this connection. $1: number of the place -> whether it was free
SELECT pg_try_advisory_lock(hashtext('footfall.login'), $1::int)
