-- Sites whose rows of a UTC day are to be archived before they go; not what an archive brought back. $1: day. -> site_id, domain
SELECT s.site_id, s.domain FROM site s
WHERE archive AND NOT EXISTS (SELECT FROM raw_restored r WHERE r.site_id = s.site_id AND r.day = $1::date)
ORDER BY site_id
