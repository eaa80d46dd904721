-- A signed-in viewer's events, in order of time, a page of them. $1: site, $2: viewer, $3: behind this time, $4: and this
-- event id -> ts, event_id, all that is stored of it as a JSON object
SELECT e.ts, e.event_id, json_strip_nulls(json_build_object(
    'time', e.ts,
    'event_id', e.event_id,
    'kind', (ARRAY['pageview', 'event', 'engagement', 'view', 'reaction', 'comment', 'follow', 'share', 'media', 'interaction',
                   'configuration', 'performance', 'error', 'search'])[e.kind],
    'name', (SELECT value FROM label l WHERE (l.site_id, l.label_id) = (e.site_id, e.name)),
    'hostname', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (e.site_id, e.hostname)),
    'path', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (e.site_id, e.path)),
    'item_kind', c.kind, 'item', c.key,
    'target', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (e.site_id, e.target)),
    'list', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (e.site_id, e.list)),
    'position', e.position,
    'value', trim_scale(e.measure_micros / 1000000.0),
    'revenue', trim_scale(e.value_micros / 1000000.0), 'currency', e.currency,
    'engaged_ms', nullif(e.engaged_ms, 0), 'scroll', nullif(e.scroll, 255),
    'media_position_ms', e.media_position_ms,
    'visit', nullif(e.visit_id, 0),
    'props', e.props))::text
FROM event e
LEFT JOIN content c ON (c.site_id, c.content_id) = (e.site_id, e.content_id)
WHERE e.site_id = $1::int AND e.viewer = $2::uuid AND (e.ts, e.event_id) > ($3::timestamptz, $4::uuid)
ORDER BY e.ts, e.event_id
LIMIT 1000
