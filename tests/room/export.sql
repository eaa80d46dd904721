-- A site with :n events and :n / 10 visits in three days, some minutes of which are crowded, and texts that are meant to do harm.
INSERT INTO site (domain, name, time_zone, secret) VALUES ('a.test', 'a', 'Europe/Berlin', sha256('a')), ('b.test', 'b', 'UTC', sha256('b'));
SELECT footfall_partition_make((now() AT TIME ZONE 'UTC')::date - d) FROM generate_series(0, 3) d;
INSERT INTO label (site_id, value) OVERRIDING SYSTEM VALUE
SELECT 1, v FROM unnest(ARRAY['', '=HYPERLINK("http://evil.test","x")', '+1+1', '-2+3', '@SUM(A1)', E'\tcmd', E'a "quoted", one\r\nsecond line',
    '-5', '+4.25', '-', '''=x', ' leading', 'trailing ', 'Grüße, 世界 🎉', E'\u202Eright to left', '<script>alert(1)</script>', 'a,b;c|d', E'back\\slash',
    E'\x01control', 'ﷺ', E'e\u0301', '|calc', '%00', '"', '""', E'\n', '=1', repeat('long ', 300)]) v;
INSERT INTO label (site_id, value) SELECT 1, '/page/' || i FROM generate_series(1, 500) i;
INSERT INTO label (site_id, value) SELECT 2, 'other';
INSERT INTO content (site_id, kind, key, title) SELECT 1, 'article', 'item-' || i, CASE WHEN i % 3 = 0 THEN '=1+1' ELSE 'Title ' || i END
FROM generate_series(1, 2500) i;
INSERT INTO content_counter (site_id, content_id, day, views_day, views_month, views_total)
SELECT 1, content_id, (now() AT TIME ZONE 'Europe/Berlin')::date, content_id, 2 * content_id, 3 * content_id FROM content WHERE content_id % 2 = 0;
CREATE TEMP TABLE l AS SELECT array_agg(label_id ORDER BY label_id) AS ids FROM label WHERE site_id = 1;
INSERT INTO event (ts, event_id, visit_id, visitor, content_id, value_micros, site_id, name, hostname, path, engaged_ms, flags, kind, view_type,
    view_source, robot, scroll, currency, props, measure_micros, target, list, position)
SELECT date_trunc('day', now()) - interval '3 days' + CASE WHEN i % 10 < 4 THEN interval '30 hours' + i % 7 * interval '1 microsecond'
        ELSE (i::bigint * 7919 % 259200000) * interval '1 millisecond' END,
    md5(i::text || 'e')::uuid, i % 5 * 1000 + 1, i % 997 + 1, CASE WHEN i % 3 = 0 THEN i % 2500 + 1 END, CASE WHEN i % 50 = 0 THEN i::bigint * 12345 - 1000000 END,
    CASE WHEN i % 100 = 0 THEN 2 ELSE 1 END, l.ids[i % 528 + 1], l.ids[1], l.ids[(i * 7) % 528 + 1], i % 9000, CASE i % 4 WHEN 0 THEN 4 WHEN 1 THEN 256 ELSE 0 END,
    i % 14 + 1, i % 6, i % 6, CASE WHEN i % 20 = 0 THEN i / 20 % 8 + 1 ELSE 0 END, CASE WHEN i % 5 = 0 THEN 255 ELSE i % 101 END,
    CASE WHEN i % 50 = 0 THEN 'EUR' END, CASE WHEN i % 11 = 0 THEN jsonb_build_object('k', '=1+1', 'n' || i % 3, i, 'u', 'ü"') END,
    CASE WHEN i % 13 = 0 THEN i * 1000 - 5500 END, CASE WHEN i % 17 = 0 THEN l.ids[(i / 17) % 528 + 1] END, NULL, CASE WHEN i % 19 = 0 THEN i % 300 END
FROM generate_series(1, :n) i, l
ORDER BY i % 5, i;
INSERT INTO visit (visit_id, visitor, started_at, last_at, engaged_ms, site_id, day, pageviews, views, events, interactive, entry_page, exit_page, source,
    referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term, country, region, city, browser, browser_version, os, os_version, language,
    channel, device, screen, auth, purge_id, entry_hostname, exit_hostname)
SELECT i, i % 997, t, t + i % 4000 * interval '1 second', i, 1, (t AT TIME ZONE 'UTC')::date, i % 7, i % 3, i % 9, i % 4, l.ids[i % 528 + 1], l.ids[i % 527 + 1],
    l.ids[i % 526 + 1], l.ids[i % 100 + 1], l.ids[i % 28 + 1], l.ids[1], l.ids[1], l.ids[1], l.ids[i % 27 + 1], l.ids[2], l.ids[3], l.ids[4], l.ids[5], l.ids[6],
    l.ids[7], l.ids[8], l.ids[9], i % 15, i % 8, i % 5, i % 2 = 0, CASE WHEN i % 30 = 0 THEN 1 END, l.ids[i % 3 + 1], l.ids[i % 4 + 1]
FROM generate_series(1, :n / 10) i, l, LATERAL (SELECT date_trunc('day', now()) - interval '3 days' + (i::bigint * 104729 % 259200) * interval '1 second' AS t) x;
ANALYZE;
