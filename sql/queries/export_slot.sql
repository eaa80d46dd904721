-- Takes one of a host's places for exports, for this session. $1: host; $2: how many there are -> the place; no row: all are taken
SELECT n FROM generate_series(1, $2::int) AS n
WHERE pg_try_advisory_lock(hashtextextended('footfall export ' || $1 || ' ' || n, 0))
LIMIT 1
