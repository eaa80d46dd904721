-- What is archived of a site's day; under the drain's lock. $1: site, $2: day. -> the part to write, whether it is written and
-- nothing came since, the time
SELECT coalesce(min(part) FILTER (WHERE NOT gone), max(part) + 1, 1),
       coalesce(bool_or(NOT gone AND NOT EXISTS (
           SELECT FROM day_told t WHERE t.site_id = a.site_id AND t.day = a.day AND t.told_at > a.archived_at)), false),
       clock_timestamp()
FROM archived a WHERE site_id = $1::int AND day = $2::date
