-- The site of that name. $1: domain; $2: public id or null; $3: site_id or null. A domain goes before an id.
SELECT site_id, public_id, domain, name, time_zone, default_kind, strict, gpc, dnt, exclude, secret,
       exclude_paths, exclude_hosts, exclude_countries, unique_windows, qualified, items_max, paths_max,
       retention_raw, retention_hours, retention_days, archive,
       public_counters, values_max
FROM site
WHERE domain = $1 OR public_id = $2::uuid OR site_id = $3::bigint
ORDER BY (domain = $1) DESC
LIMIT 1
