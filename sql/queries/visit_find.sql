-- Visits of one day that events may join. $1: day, $2: int[] site ids, $3: bigint[] visitors, $4: timestamptz[] not ended
-- before, $5: timestamptz[] not begun after. -> what the drain needs to go on with them
SELECT v.visit_id, v.visitor, v.site_id, v.day, v.started_at, v.last_at, v.engaged_ms, v.pageviews, v.views, v.events,
    v.interactive, v.entry_page, v.exit_page, v.channel, v.device, v.source, v.referrer, v.utm_source, v.utm_medium,
    v.utm_campaign, v.utm_content, v.utm_term, v.country, v.browser, v.os, v.auth
FROM unnest($2::int[], $3::bigint[], $4::timestamptz[], $5::timestamptz[]) AS w(site_id, visitor, not_before, not_after)
CROSS JOIN LATERAL (SELECT * FROM visit v
                    WHERE v.site_id = w.site_id AND v.visitor = w.visitor AND v.day = $1::date
                      AND v.last_at >= w.not_before AND v.started_at <= w.not_after
                    OFFSET 0) AS v
