-- Changes a site's settings; null leaves one as it is. $1: site_id; $2: name; $3: time zone; $4: strict; $5: default kind; $6: gpc; $7: dnt; $8: CIDR list to exclude; $9: paths; $10: hosts; $11: countries; $12: unique windows; $13: qualified; $14: items at most; $15: paths a day at most; $16: values of a dimension at most; $17, $18, $19: days of retention of single rows, hours, days, or default; $20: archive; $21: public counters. -> site_id if there is such a site
UPDATE site
SET name = coalesce($2::text, name),
    time_zone = coalesce($3::text, time_zone),
    strict = coalesce($4::boolean, strict),
    default_kind = coalesce($5::text, default_kind),
    gpc = coalesce($6::text, gpc),
    dnt = coalesce($7::text, dnt),
    exclude = coalesce($8::text, exclude),
    exclude_paths = coalesce($9::text, exclude_paths),
    exclude_hosts = coalesce($10::text, exclude_hosts),
    exclude_countries = coalesce($11::text, exclude_countries),
    unique_windows = coalesce($12::text, unique_windows),
    qualified = coalesce($13::text, qualified),
    items_max = coalesce($14::int, items_max),
    paths_max = coalesce($15::int, paths_max),
    values_max = coalesce($16::int, values_max),
    retention_raw = CASE WHEN $17::text IS NULL THEN retention_raw ELSE nullif($17, 'default')::int END,
    retention_hours = CASE WHEN $18::text IS NULL THEN retention_hours ELSE nullif($18, 'default')::int END,
    retention_days = CASE WHEN $19::text IS NULL THEN retention_days ELSE nullif($19, 'default')::int END,
    archive = coalesce($20::boolean, archive),
    public_counters = coalesce($21::boolean, public_counters)
WHERE site_id = $1::bigint
RETURNING site_id
