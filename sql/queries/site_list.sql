-- All sites, by domain. No parameters.
SELECT site_id, public_id, domain, name, time_zone, default_kind, strict, gpc, dnt, exclude, secret,
       exclude_paths, exclude_hosts, exclude_countries, unique_windows, qualified, items_max, paths_max,
       retention_raw, retention_hours, retention_days, archive,
       public_counters, values_max
FROM site
ORDER BY domain
