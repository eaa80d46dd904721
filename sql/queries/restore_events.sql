-- Brings events back. $1: site, $2: text[] of rows as JSON objects, $3: bigint[] of visitors who asked for erasure, $4: a stranger
-- in their place; what they may have written stays out
INSERT INTO event (ts, event_id, visit_id, visitor, content_id, value_micros, site_id, name, hostname, path, engaged_ms, flags, kind,
    view_type, view_source, robot, scroll, currency, props, viewer, target, list, position, measure_micros, media_length_ms,
    media_position_ms, watched, purge_id, traits)
SELECT w.ts, w.event_id, w.visit_id, CASE WHEN erased THEN $4::bigint ELSE w.visitor END, (SELECT content_id FROM content c WHERE c.site_id = $1::int AND c.kind = w.item_kind AND c.key = w.item_key),
    w.value_micros, $1::int, (SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = w.name),
    (SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = w.hostname), (SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = w.path),
    w.engaged_ms, w.flags, w.kind, w.view_type, w.view_source, w.robot, w.scroll, w.currency,
    CASE WHEN NOT erased THEN w.props::jsonb END, CASE WHEN NOT erased THEN w.viewer END,
    CASE WHEN NOT erased THEN (SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = w.target) END,
    (SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = w.list), w.position, w.measure_micros, w.media_length_ms,
    w.media_position_ms, w.watched::bytea, w.purge_id,
    CASE WHEN w.traits IS NOT NULL THEN (
        SELECT array_agg(CASE WHEN i > 15 THEN t::int ELSE coalesce((
            SELECT label_id FROM label l WHERE l.site_id = $1::int AND l.value = t), 0) END ORDER BY i)
        FROM jsonb_array_elements_text(w.traits::jsonb) WITH ORDINALITY AS x(t, i)) END
FROM unnest($2::text[]) AS j(line), jsonb_to_record(j.line::jsonb) AS w(ts timestamptz, event_id uuid, visit_id bigint,
    visitor bigint, item_kind text, item_key text, value_micros bigint, name text, hostname text, path text, engaged_ms int, flags int,
    kind smallint, view_type smallint, view_source smallint, robot smallint, scroll smallint, currency text, props text, viewer uuid,
    target text, list text, position smallint, measure_micros bigint, media_length_ms int, media_position_ms int, watched text,
    purge_id bigint, traits text),
    LATERAL (SELECT w.visitor = ANY ($3::bigint[]) AS erased) AS x
