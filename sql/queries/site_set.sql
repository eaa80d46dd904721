-- Changes a site's settings; null leaves one as it is. $1: site_id; $2: name; $3: time zone; $4: strict; $5: default kind; $6: gpc; $7: dnt; $8: CIDR list to exclude. -> site_id if there is such a site
UPDATE site
SET name = coalesce($2::text, name),
    time_zone = coalesce($3::text, time_zone),
    strict = coalesce($4::boolean, strict),
    default_kind = coalesce($5::text, default_kind),
    gpc = coalesce($6::text, gpc),
    dnt = coalesce($7::text, dnt),
    exclude = coalesce($8::text, exclude)
WHERE site_id = $1::bigint
RETURNING site_id
