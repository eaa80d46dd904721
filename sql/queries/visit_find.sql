-- Visits of a site and day that events may join; not those that were purged. $1: day, $2: site id, $3: bigint[] visitors, $4: not ended before, $5: not
-- begun after. (OFFSET 0: one look into the index a visitor, whatever the planner thinks of a table that is still small.)
-- -> what the drain needs to go on with them
SELECT v.*
FROM unnest($3::bigint[]) AS w(visitor)
CROSS JOIN LATERAL (
    SELECT visit_id, visitor, site_id, day, started_at, last_at, engaged_ms, pageviews, views, events, interactive,
        entry_page, exit_page, entry_hostname, exit_hostname, source, referrer, utm_source, utm_medium, utm_campaign,
        utm_content, utm_term, country, region, city, browser, browser_version, os, os_version, language, channel, device,
        screen, auth
    FROM visit
    WHERE site_id = $2 AND visitor = w.visitor AND day = $1::date AND last_at >= $4 AND started_at <= $5
        AND purge_id IS NULL
    OFFSET 0) AS v
