-- Opens a cursor over a site's visits of one UTC day, labels as texts. $1: site, $2: day. The columns are those of
-- fact/archive_table.c.
DECLARE archive NO SCROLL CURSOR FOR
SELECT visit_id, visitor, started_at, last_at, engaged_ms, day, pageviews, views, events, interactive,
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.entry_page),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.exit_page),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.source),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.referrer),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.utm_source),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.utm_medium),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.utm_campaign),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.utm_content),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.utm_term),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.country),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.region),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.city),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.browser),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.browser_version),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.os),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.os_version),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.language),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.entry_hostname),
    (SELECT value FROM label l WHERE l.site_id = v.site_id AND l.label_id = v.exit_hostname),
    channel, device, screen, auth, purge_id
FROM visit v
WHERE site_id = $1::int AND day = $2::date
