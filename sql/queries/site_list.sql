-- All sites, by domain. No parameters.
SELECT site_id, public_id, domain, name, time_zone, default_kind, strict, gpc, dnt, exclude
FROM site
ORDER BY domain
