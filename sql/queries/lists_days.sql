-- Local days of which all single rows are there: none of their UTC days has lost its table. $1 zone, $2 and $3 first and last
-- day, $4 today in UTC. -> day, instants of its begin and end
SELECT d::date, d AT TIME ZONE $1, (d + interval '1 day') AT TIME ZONE $1
FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') d
WHERE NOT EXISTS (
    SELECT FROM generate_series(((d AT TIME ZONE $1) AT TIME ZONE 'UTC')::date::timestamp,
        (((d + interval '1 day') AT TIME ZONE $1) AT TIME ZONE 'UTC') - interval '1 second', interval '1 day') u
    WHERE u < $4::date AND to_regclass('content_window_' || to_char(u, 'YYYYMMDD')) IS NULL)
ORDER BY d
