-- Brings windows back. $1: site, $2: text[] of rows as JSON objects, $3: bigint[] of visitors who asked for erasure, $4: a stranger
INSERT INTO content_window (started_at, visitor, content_id, engaged_ms, event_id, site_id, percent, auth, qualified, played,
    completed, watched, purge_id)
SELECT w.started_at, CASE WHEN w.visitor = ANY ($3::bigint[]) THEN $4::bigint ELSE w.visitor END,
    (SELECT content_id FROM content c WHERE c.site_id = $1::int AND c.kind = w.item_kind AND c.key = w.item_key),
    w.engaged_ms, w.event_id, $1::int, w.percent, w.auth, w.qualified, w.played, w.completed, w.watched::bytea, w.purge_id
FROM unnest($2::text[]) AS j(line), jsonb_to_record(j.line::jsonb) AS w(started_at timestamptz, visitor bigint, item_kind text,
    item_key text, engaged_ms bigint, event_id uuid, percent smallint, auth boolean, qualified boolean, played boolean,
    completed boolean, watched text, purge_id bigint)
ON CONFLICT DO NOTHING
