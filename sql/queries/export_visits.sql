-- Visits of a site for export, by their beginning and number. $1: site; $2 and $3: from and before these times; $4 and $5: behind this time and number, or nulls; $6: at most; $7: 1 with those that were purged -> us, then the columns of fact/export_columns.c
WITH wanted AS MATERIALIZED (
    SELECT *
    FROM visit
    WHERE site_id = $1 AND started_at >= $2 AND started_at < $3
        AND day >= ($2::timestamptz AT TIME ZONE 'UTC')::date - 1 AND day <= ($3::timestamptz AT TIME ZONE 'UTC')::date + 1
        AND ($4::timestamptz IS NULL OR (started_at, visit_id) > ($4, $5::bigint))
        AND ($7::int = 1 OR purge_id IS NULL)
    ORDER BY started_at, visit_id
    LIMIT $6)
SELECT (extract(epoch FROM v.started_at) * 1000000)::bigint,
    to_char(v.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    to_char(v.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    v.visit_id, floor(extract(epoch FROM v.last_at - v.started_at)), v.engaged_ms, v.pageviews, v.views, v.events, v.interactive <= 1,
    entry.value, exit.value, entry_host.value, exit_host.value, source.value, referrer.value, v.channel, utm_source.value, utm_medium.value, utm_campaign.value,
    utm_content.value, utm_term.value, country.value, region.value, city.value, v.device, v.screen, browser.value,
    browser_version.value, os.value, os_version.value, language.value, v.auth, v.purge_id IS NOT NULL, v.visitor
FROM wanted v
LEFT JOIN label entry ON entry.site_id = $1 AND entry.label_id = v.entry_page
LEFT JOIN label exit ON exit.site_id = $1 AND exit.label_id = v.exit_page
LEFT JOIN label entry_host ON entry_host.site_id = $1 AND entry_host.label_id = v.entry_hostname
LEFT JOIN label exit_host ON exit_host.site_id = $1 AND exit_host.label_id = v.exit_hostname
LEFT JOIN label source ON source.site_id = $1 AND source.label_id = v.source
LEFT JOIN label referrer ON referrer.site_id = $1 AND referrer.label_id = v.referrer
LEFT JOIN label utm_source ON utm_source.site_id = $1 AND utm_source.label_id = v.utm_source
LEFT JOIN label utm_medium ON utm_medium.site_id = $1 AND utm_medium.label_id = v.utm_medium
LEFT JOIN label utm_campaign ON utm_campaign.site_id = $1 AND utm_campaign.label_id = v.utm_campaign
LEFT JOIN label utm_content ON utm_content.site_id = $1 AND utm_content.label_id = v.utm_content
LEFT JOIN label utm_term ON utm_term.site_id = $1 AND utm_term.label_id = v.utm_term
LEFT JOIN label country ON country.site_id = $1 AND country.label_id = v.country
LEFT JOIN label region ON region.site_id = $1 AND region.label_id = v.region
LEFT JOIN label city ON city.site_id = $1 AND city.label_id = v.city
LEFT JOIN label browser ON browser.site_id = $1 AND browser.label_id = v.browser
LEFT JOIN label browser_version ON browser_version.site_id = $1 AND browser_version.label_id = v.browser_version
LEFT JOIN label os ON os.site_id = $1 AND os.label_id = v.os
LEFT JOIN label os_version ON os_version.site_id = $1 AND os_version.label_id = v.os_version
LEFT JOIN label language ON language.site_id = $1 AND language.label_id = v.language
ORDER BY v.started_at, v.visit_id
