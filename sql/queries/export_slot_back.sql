-- Gives the place back. $1: host; $2: the place
SELECT pg_advisory_unlock(hashtextextended('footfall export ' || $1 || ' ' || $2::int, 0))
