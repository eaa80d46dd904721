-- Whether a part of an archive is back. $1: site, $2: day, $3: part, $4: seconds. Where it is, it stays so long from now on.
UPDATE raw_restored SET until = greatest(until, now() + $4::bigint * interval '1 second')
WHERE site_id = $1::int AND day = $2::date AND part = $3::int
RETURNING 1
