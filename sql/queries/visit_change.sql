-- Goes on with visits of one day. $1: day, $2: int[] site ids, $3: bigint[] visitors, $4: bigint[] visit ids, then arrays
-- of the new values: $5 started_at, $6 last_at, $7 engaged_ms, $8 pageviews, $9 views, $10 events, $11 interactive,
-- $12 entry_page, $13 exit_page, $14 entry_hostname, $15 exit_hostname
UPDATE visit v SET started_at = w.started_at, last_at = w.last_at, engaged_ms = w.engaged_ms, pageviews = w.pageviews,
    views = w.views, events = w.events, interactive = w.interactive, entry_page = w.entry_page,
    exit_page = w.exit_page, entry_hostname = w.entry_hostname, exit_hostname = w.exit_hostname
FROM
    (SELECT unnest($2::int[]) AS site_id, unnest($3::bigint[]) AS visitor, unnest($4::bigint[]) AS visit_id,
    unnest($5::timestamptz[]) AS started_at, unnest($6::timestamptz[]) AS last_at, unnest($7::bigint[]) AS engaged_ms,
    unnest($8::int[]) AS pageviews, unnest($9::int[]) AS views, unnest($10::int[]) AS events, unnest($11::int[]) AS
    interactive, unnest($12::int[]) AS entry_page, unnest($13::int[]) AS exit_page, unnest($14::int[]) AS
    entry_hostname, unnest($15::int[]) AS exit_hostname) AS w
WHERE v.site_id = w.site_id AND v.visitor = w.visitor AND v.day = $1::date AND v.visit_id = w.visit_id
