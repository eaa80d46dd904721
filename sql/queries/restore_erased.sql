-- Viewers of a site who asked for erasure. $1: site. -> their pseudonyms
SELECT viewer FROM erasure WHERE site_id = $1::int
