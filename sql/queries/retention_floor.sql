-- The first UTC day whose rows some site keeps: only from there on days have tables of their own. $1: now, $2: seconds of
-- retention.raw. -> day
SELECT (($1::timestamptz - coalesce(max(coalesce(retention_raw * 86400::bigint, $2::bigint)), $2::bigint) * interval '1 second')
        AT TIME ZONE 'UTC')::date
FROM site
