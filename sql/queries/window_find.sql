-- Windows of a site and day that events may belong to; not those that were purged. $1: site id, $2: bigint[] visitors, $3, $4: not begun before, not
-- behind. (OFFSET 0: one look into the index a visitor.) -> what the drain needs to go on with them
SELECT c.*
FROM unnest($2::bigint[]) AS w(visitor)
CROSS JOIN LATERAL (
    SELECT visitor, content_id, started_at, engaged_ms, percent, auth, qualified, played, completed, watched
    FROM content_window
    WHERE site_id = $1 AND visitor = w.visitor AND started_at BETWEEN $3 AND $4 AND purge_id IS NULL
    OFFSET 0) AS c
