-- Events of a site for export, by time and id. $1: site; $2 and $3: from and before these times; $4 and $5: behind this time and id, or nulls; $6: at most; $7: 1 with robots; $8: numbers of kinds, or null; $9: name, $10: path, or nulls; $11 and $12: kind and key of the item, or nulls -> us, then the columns of fact/export_columns.c
WITH wanted AS MATERIALIZED (
    SELECT *
    FROM event
    WHERE site_id = $1 AND ts >= $2 AND ts < $3
        AND ($4::timestamptz IS NULL OR (ts, event_id) > ($4, $5::uuid))
        AND ($7::int = 1 OR robot = 0)
        AND ($8::bigint[] IS NULL OR kind = ANY ($8::bigint[]))
        AND ($9::text IS NULL OR name = (SELECT label_id FROM label WHERE site_id = $1 AND value = $9))
        AND ($10::text IS NULL OR path = (SELECT label_id FROM label WHERE site_id = $1 AND value = $10))
        AND ($12::text IS NULL OR content_id = (SELECT c.content_id FROM content c WHERE c.site_id = $1 AND c.kind = $11 AND c.key = $12))
    ORDER BY ts, event_id
    LIMIT $6)
SELECT (extract(epoch FROM e.ts) * 1000000)::bigint,
    to_char(e.ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.event_id, e.kind, n.value, h.value, p.value, c.kind, c.key, nullif(e.view_type, 0), nullif(e.view_source, 0), l.value, e.position, t.value,
    e.measure_micros / 1000000.0, e.value_micros / 1000000.0, e.currency, e.engaged_ms, nullif(e.scroll, 255), e.media_length_ms,
    e.media_position_ms, e.flags & 4 <> 0, e.flags & 256 <> 0, nullif(e.robot, 0), nullif(e.visit_id, 0), e.props, e.visitor, e.viewer
FROM wanted e
LEFT JOIN label n ON n.site_id = $1 AND n.label_id = e.name
LEFT JOIN label h ON h.site_id = $1 AND h.label_id = e.hostname
LEFT JOIN label p ON p.site_id = $1 AND p.label_id = e.path
LEFT JOIN label l ON l.site_id = $1 AND l.label_id = e.list
LEFT JOIN label t ON t.site_id = $1 AND t.label_id = e.target
LEFT JOIN content c ON c.site_id = $1 AND c.content_id = e.content_id
ORDER BY e.ts, e.event_id
