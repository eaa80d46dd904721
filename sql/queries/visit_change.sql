-- Goes on with visits of one day. $1: day, $2: int[] site ids, $3: bigint[] visitors, $4: bigint[] visit ids, then arrays
-- of the new values: $5 started_at, $6 last_at, $7 engaged_ms, $8 pageviews, $9 views, $10 events, $11 interactive,
-- $12 entry_page, $13 exit_page, $14 entry_hostname, $15 exit_hostname
UPDATE visit v SET started_at = w.started_at, last_at = w.last_at, engaged_ms = w.engaged_ms, pageviews = w.pageviews,
    views = w.views, events = w.events, interactive = w.interactive, entry_page = w.entry_page,
    exit_page = w.exit_page, entry_hostname = w.entry_hostname, exit_hostname = w.exit_hostname
FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::int[],
    $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::int[], $15::int[])
    AS w(site_id, visitor, visit_id, started_at, last_at, engaged_ms, pageviews, views, events, interactive, entry_page,
        exit_page, entry_hostname, exit_hostname)
WHERE v.site_id = w.site_id AND v.visitor = w.visitor AND v.day = $1::date AND v.visit_id = w.visit_id
