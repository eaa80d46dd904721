-- A part of an archive is back. $1: site, $2: day, $3: part, $4: for how many seconds
INSERT INTO raw_restored (site_id, day, part, until)
VALUES ($1::int, $2::date, $3::int, now() + $4::bigint * interval '1 second')
