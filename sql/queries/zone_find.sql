-- Does the database know a time zone by that very name? $1: IANA name. -> a row if so
SELECT name
FROM pg_timezone_names
WHERE name = $1
