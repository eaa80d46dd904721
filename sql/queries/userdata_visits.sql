-- A signed-in viewer's visits. $1: site, $2: their visitor's identity -> each as a JSON object
SELECT json_strip_nulls(json_build_object(
    'visit', v.visit_id, 'started', v.started_at, 'last', v.last_at, 'pageviews', v.pageviews, 'events', v.events,
    'engaged_ms', v.engaged_ms,
    'source', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.source)),
    'referrer', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.referrer)),
    'utm_campaign', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.utm_campaign)),
    'country', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.country)),
    'region', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.region)),
    'city', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.city)),
    'browser', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.browser)),
    'os', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.os)),
    'language', (SELECT nullif(value, '') FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.language))))::text
FROM visit v
WHERE v.site_id = $1::int AND v.visitor = $2::bigint
ORDER BY v.started_at, v.visit_id
