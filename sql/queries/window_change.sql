-- Goes on with windows. $1: int[] site ids, $2: bigint[] visitors, $3: bigint[] content ids, $4: timestamptz[] beginnings,
-- then arrays of the new values: $5 engaged_ms, $6 percent, $7 qualified, $8 played, $9 completed, $10 watched (zeros:
-- nothing); $11, $12: the first and last beginning, so that few tables are opened
UPDATE content_window c SET engaged_ms = w.engaged_ms, percent = w.percent, qualified = w.qualified, played = w.played,
    completed = w.completed, watched = nullif(w.watched, decode(repeat('00', 13), 'hex'))
FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::smallint[], $7::boolean[],
    $8::boolean[], $9::boolean[], $10::bytea[])
    AS w(site_id, visitor, content_id, started_at, engaged_ms, percent, qualified, played, completed, watched)
WHERE c.site_id = w.site_id AND c.visitor = w.visitor AND c.content_id = w.content_id AND c.started_at = w.started_at
    AND c.started_at BETWEEN $11 AND $12
