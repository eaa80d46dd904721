-- Marks the visits that a rule means; null conditions hold for all. $1: site, $2: purge, $3: begun from, $4: begun before,
-- $5: country, $6: city, $7: browser, $8: os, $9: language, $10: source, $11: referrer's host (or a part behind a dot),
-- $12: utm_source, $13: page, LIKE pattern, $14: more events than, $15: more events in a minute than, $16: never engaged
UPDATE visit v SET purge_id = $2::bigint
WHERE v.site_id = $1::int AND v.purge_id IS NULL
    AND v.started_at >= $3::timestamptz AND v.started_at < $4::timestamptz
    AND v.day >= ($3::timestamptz AT TIME ZONE 'UTC')::date - 1 AND v.day <= ($4::timestamptz AT TIME ZONE 'UTC')::date + 1
    AND ($5::text IS NULL OR v.country = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $5))
    AND ($6::text IS NULL OR v.city = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $6))
    AND ($7::text IS NULL OR v.browser = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $7))
    AND ($8::text IS NULL OR v.os = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $8))
    AND ($9::text IS NULL OR v.language = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $9))
    AND ($10::text IS NULL OR v.source = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $10))
    AND ($11::text IS NULL OR v.referrer IN (
        SELECT label_id FROM label
        WHERE site_id = $1::int AND '.' || split_part(value, '/', 1) LIKE '%.' || $11))
    AND ($12::text IS NULL OR v.utm_source = (SELECT label_id FROM label WHERE site_id = $1::int AND value = $12))
    AND ($13::text IS NULL OR v.visit_id IN (
        SELECT e.visit_id FROM event e JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.path)
        WHERE e.site_id = $1::int AND e.ts >= $3::timestamptz AND e.ts < $4::timestamptz + interval '2 days'
            AND l.value LIKE $13))
    AND ($14::int IS NULL OR v.events > $14::int)
    AND ($15::int IS NULL OR v.visit_id IN (
        SELECT e.visit_id FROM event e
        WHERE e.site_id = $1::int AND e.ts >= $3::timestamptz AND e.ts < $4::timestamptz + interval '2 days'
            AND e.visit_id <> 0
        GROUP BY e.visit_id, date_trunc('minute', e.ts) HAVING count(*) > $15::int))
    AND ($16::boolean IS NULL OR v.engaged_ms = 0)
