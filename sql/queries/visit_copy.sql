-- New visits, rows in binary. No parameters.
COPY visit (visit_id, visitor, started_at, last_at, engaged_ms, site_id, day, pageviews, views, events, interactive,
    entry_page, exit_page, entry_hostname, exit_hostname, source, referrer, utm_source, utm_medium, utm_campaign, utm_content,
    utm_term, country, region, city, browser, browser_version, os, os_version, language, channel, device, screen, auth)
FROM STDIN (FORMAT binary)
