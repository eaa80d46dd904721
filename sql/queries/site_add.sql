-- A new site. $1: domain; $2: name; $3: time zone; $4: default kind; $5: strict; $6: gpc; $7: dnt; $8: CIDR list to exclude; $9: secret, 32 bytes; $10: public id or null = a new one.
INSERT INTO site (domain, name, time_zone, default_kind, strict, gpc, dnt, exclude, secret, public_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::uuid, gen_random_uuid()))
RETURNING site_id, public_id
