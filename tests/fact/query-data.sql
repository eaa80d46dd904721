-- Two weeks of made-up traffic of a site in Berlin, over the end of summer time (2026-10-25), with raw rows and with the
-- rollups that follow from them by the drain's contract. Numbers are made by hashing, so they are the same everywhere.
SET timezone = 'UTC';
INSERT INTO site (domain, name, time_zone, default_kind, secret)
VALUES ('example.com', 'Example', 'Europe/Berlin', 'video', decode(repeat('00', 32), 'hex')),
       ('other.example', 'Other', 'UTC', 'item', decode(repeat('11', 32), 'hex'));

DO $$ BEGIN
    FOR d IN 0..16 LOOP
        EXECUTE format('CREATE TABLE event_%s PARTITION OF event FOR VALUES FROM (%L) TO (%L)', d,
            '2026-10-18'::date + d, '2026-10-19'::date + d);
        EXECUTE format('CREATE TABLE visit_%s PARTITION OF visit FOR VALUES FROM (%L) TO (%L)', d,
            '2026-10-18'::date + d, '2026-10-19'::date + d);
    END LOOP;
END $$;

CREATE FUNCTION h(i bigint, salt bigint, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8(i * 1000003 + salt * 7919)::bigint & 2147483647) % n $$;
CREATE FUNCTION lab(t text) RETURNS int LANGUAGE sql STABLE AS
    $$ SELECT label_id FROM label WHERE site_id = 1 AND value = t $$;

INSERT INTO label (site_id, value) SELECT 1, unnest(ARRAY['', '/', '/about', '/blog/a', '/blog/b', '/preise', 'pageview', 'Signup',
    'Play', 'engagement', 'view', 'Google', 'Bing', 'news.example', 'google.com', 'news.example/x', 'DE', 'FR', 'US', 'Firefox',
    'Chrome', 'Linux', 'Windows', 'nl', 'ad', 'spring', 'email', 'cpc', 'x',
    'example.com', 'shop.example', 'Bavaria', 'Munich', '120.0', '11', 'de', 'en-GB']);
-- The same words mean other numbers on another site.
INSERT INTO label (site_id, value) SELECT 2, unnest(ARRAY['', '/', 'Google', 'DE', 'pageview']);
INSERT INTO content (site_id, kind, key, title) SELECT 1, k, 'i' || n, 'Title ' || n
    FROM unnest(ARRAY['video', 'post']) k, generate_series(1, 3) n;

-- visits: when, who, and what belongs to them
CREATE TABLE v AS SELECT i,
    timestamptz '2026-10-18 22:30:00+00' + make_interval(secs => h(i, 1, 1195200)) AS t0,
    1000000000000000 + h(i, 2, 260) * 12345678901 AS visitor,
    (1 + h(i, 3, 5))::int AS n
  FROM generate_series(1, 420) i;
CREATE TABLE e AS SELECT v.i, k, v.visitor,
    v.t0 + make_interval(secs => (k * h(v.i, 4, 900))) AS ts,
    CASE WHEN k = 0 THEN CASE WHEN h(v.i, 5, 12) = 0 THEN 4 ELSE 1 END
         ELSE (ARRAY[1, 1, 2, 3, 4])[1 + h(v.i * 10 + k, 6, 5)] END AS kind,
    (ARRAY['/', '/about', '/blog/a', '/blog/b', '/preise'])[1 + h(v.i * 10 + k, 7, 5)] AS path,
    h(v.i * 10 + k, 8, 3) AS item,
    CASE WHEN h(v.i * 10 + k, 9, 4) = 0 THEN 2 ELSE 1 END AS view_type,
    (h(v.i * 10 + k, 10, 60000))::int AS engaged
  FROM v, generate_series(0, 4) k WHERE k < v.n;

INSERT INTO event (ts, event_id, visit_id, visitor, content_id, site_id, name, hostname, path, engaged_ms, flags, kind,
    view_type, view_source, robot, scroll)
  SELECT ts, gen_random_uuid(), i, visitor,
    CASE WHEN kind = 4 OR (kind = 1 AND item = 0) THEN 1 + h(i * 10 + k, 11, 6) END, 1,
    lab(CASE kind WHEN 1 THEN 'pageview' WHEN 3 THEN 'engagement' WHEN 4 THEN 'view'
        ELSE (ARRAY['Signup', 'Play'])[1 + h(i * 10 + k, 12, 2)] END),
    lab((ARRAY['', 'example.com', 'shop.example'])[1 + h(i * 10 + k, 13, 3)]), lab(CASE WHEN kind = 4 THEN '' ELSE path END),
    CASE WHEN kind = 3 THEN engaged ELSE 0 END, 0, kind, view_type, 1 + h(i * 10 + k, 14, 5), 0,
    CASE WHEN kind = 3 THEN h(i * 10 + k, 15, 101) ELSE 255 END
  FROM e;
INSERT INTO visit (visit_id, visitor, started_at, last_at, engaged_ms, site_id, day, pageviews, views, events, interactive,
    entry_page, exit_page, entry_hostname, exit_hostname, source, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term, country,
    region, city, browser, browser_version, os, os_version, language, channel, device, screen, auth)
  SELECT v.i, v.visitor, min(e.ts), max(e.ts), 0, 1, (min(e.ts))::date,
    count(*) FILTER (WHERE kind = 1), 0, count(*) FILTER (WHERE kind <> 3),
    count(*) FILTER (WHERE kind IN (1, 2) OR (kind = 4 AND view_type <> 2)),
    lab((ARRAY['', '/', '/about', '/blog/a'])[1 + h(v.i, 31, 4)]), lab((ARRAY['', '/', '/preise'])[1 + h(v.i, 32, 3)]),
    lab((ARRAY['', 'example.com'])[1 + h(v.i, 33, 2)]), lab((ARRAY['', 'shop.example'])[1 + h(v.i, 34, 2)]),
    lab((ARRAY['', 'Google', 'Bing', 'news.example'])[1 + h(v.i, 20, 4)]),
    lab((ARRAY['', 'google.com', 'news.example/x'])[1 + h(v.i, 21, 3)]),
    lab((ARRAY['', '', 'nl', 'ad'])[1 + h(v.i, 22, 4)]), lab((ARRAY['', 'email', 'cpc'])[1 + h(v.i, 23, 3)]),
    lab((ARRAY['', 'spring'])[1 + h(v.i, 24, 2)]), lab((ARRAY['', 'x'])[1 + h(v.i, 25, 2)]), lab(''),
    lab((ARRAY['', 'DE', 'FR', 'US'])[1 + h(v.i, 26, 4)]),
    lab((ARRAY['', 'Bavaria'])[1 + h(v.i, 35, 2)]), lab((ARRAY['', 'Munich'])[1 + h(v.i, 36, 2)]),
    lab((ARRAY['Firefox', 'Chrome'])[1 + h(v.i, 27, 2)]), lab((ARRAY['', '120.0'])[1 + h(v.i, 37, 2)]),
    lab((ARRAY['', 'Linux', 'Windows'])[1 + h(v.i, 28, 3)]), lab((ARRAY['', '11'])[1 + h(v.i, 38, 2)]),
    lab((ARRAY['', 'de', 'en-GB'])[1 + h(v.i, 39, 3)]), h(v.i, 29, 5), h(v.i, 30, 4), h(v.i, 40, 5), h(v.i, 41, 3) = 0
  FROM v JOIN e USING (i) GROUP BY v.i, v.visitor;
-- Events without identity, and robots.
INSERT INTO event (ts, event_id, visit_id, visitor, site_id, name, hostname, path, engaged_ms, flags, kind, view_type,
    view_source, robot, scroll, traits)
  SELECT timestamptz '2026-10-19 08:00+00' + make_interval(hours => i * 7), gen_random_uuid(), 0, 0, 1, lab('pageview'),
    lab(''), lab('/about'), 0, 16, 1, 1, 1, 0, 255, array_fill(lab(''), ARRAY[10]) || ARRAY[lab('Chrome'), lab(''), lab(''),
    lab(''), lab(''), 0, 0, 0]
  FROM generate_series(1, 20) i;
INSERT INTO event (ts, event_id, visit_id, visitor, site_id, name, hostname, path, engaged_ms, flags, kind, view_type,
    view_source, robot, scroll)
  SELECT timestamptz '2026-10-19 09:00+00' + make_interval(hours => i * 5), gen_random_uuid(), 0, 777, 1, lab('pageview'),
    lab(''), lab('/'), 0, 0, CASE WHEN i % 3 = 0 THEN 2 ELSE 1 END, 1, 1, 1 + i % 4, 255
  FROM generate_series(1, 40) i;
-- Another site's rows, which must show nowhere.
INSERT INTO event (ts, event_id, visit_id, visitor, site_id, name, hostname, path, engaged_ms, flags, kind, view_type,
    view_source, robot, scroll)
  SELECT '2026-10-21 12:00+00', gen_random_uuid(), 0, 1, 2, 1, 1, 1, 0, 0, 1, 1, 1, 0, 255 FROM generate_series(1, 9);

-- Each event and each visit once for each dimension.
CREATE TABLE event_row AS
  SELECT e.*, d.dim, d.value FROM event e LEFT JOIN visit s ON s.visit_id = e.visit_id AND e.visit_id <> 0,
  LATERAL (VALUES (0, 0::bigint), (1, nullif(e.path, lab(''))), (2, e.content_id), (3, coalesce(s.source, lab(''))),
    (4, coalesce(s.channel, 0)), (5, coalesce(s.referrer, lab(''))), (6, coalesce(s.country, lab(''))),
    (7, coalesce(s.device, 0)), (8, coalesce(s.browser, lab('Chrome'))), (9, coalesce(s.os, lab(''))),
    (10, nullif(s.utm_source, lab(''))), (11, nullif(s.utm_medium, lab(''))), (12, nullif(s.utm_campaign, lab(''))),
    (13, nullif(s.utm_content, lab(''))), (14, nullif(s.utm_term, lab(''))),
    (15, CASE WHEN e.kind <> 3 THEN e.name END), (17, coalesce(s.auth, false)::int), (18, nullif(e.hostname, lab(''))),
    (19, coalesce(s.screen, 0)), (20, coalesce(s.browser_version, lab(''))), (21, coalesce(s.os_version, lab(''))),
    (22, coalesce(s.region, lab(''))), (23, coalesce(s.city, lab(''))), (24, coalesce(s.language, lab(''))),
    (25, nullif(s.entry_page, lab(''))), (26, nullif(s.exit_page, lab(''))), (27, nullif(s.entry_hostname, lab(''))),
    (28, nullif(s.exit_hostname, lab(''))), (32, CASE WHEN e.kind IN (1, 4) AND e.content_id <> 0 THEN e.view_type END),
    (33, CASE WHEN e.kind IN (1, 4) AND e.content_id <> 0 THEN e.view_source END)) d (dim, value)
  WHERE e.robot = 0 AND e.site_id = 1 AND d.value IS NOT NULL
  UNION ALL SELECT e.*, 16, e.robot FROM event e WHERE e.robot <> 0 AND e.site_id = 1;
CREATE TABLE visit_row AS
  SELECT s.*, d.dim, d.value FROM visit s,
  LATERAL (VALUES (0, 0::bigint), (3, s.source), (4, s.channel), (5, s.referrer), (6, s.country), (7, s.device),
    (8, s.browser), (9, s.os), (10, nullif(s.utm_source, lab(''))), (11, nullif(s.utm_medium, lab(''))),
    (12, nullif(s.utm_campaign, lab(''))), (13, nullif(s.utm_content, lab(''))), (14, nullif(s.utm_term, lab(''))), (17, s.auth::int), (19, s.screen),
    (20, s.browser_version), (21, s.os_version), (22, s.region), (23, s.city), (24, s.language), (25, nullif(s.entry_page, lab(''))),
    (26, nullif(s.exit_page, lab(''))), (27, nullif(s.entry_hostname, lab(''))), (28, nullif(s.exit_hostname, lab('')))) d (dim, value)
  WHERE s.site_id = 1 AND d.value IS NOT NULL;

CREATE INDEX ON event_row (dim, event_id);
CREATE INDEX ON event_row (dim, visit_id);
CREATE INDEX ON visit_row (dim, visit_id);
ANALYZE;

-- In Berlin hours are whole hours of UTC; the zone's own arithmetic is tested with the calendar.
CREATE VIEW hour_row AS
  SELECT date_trunc('hour', ts) AS bucket, dim, value, 0 AS visits, 0 AS bounces, 0::bigint AS duration_s,
    (kind = 1)::int AS pageviews,
    (kind IN (1, 4) AND view_type <> 2 AND content_id IS NOT NULL AND robot = 0)::int AS views, (kind <> 3)::int AS events,
    CASE WHEN robot = 0 THEN engaged_ms ELSE 0 END AS engaged_ms,
    CASE WHEN visitor <> 0 AND kind <> 3 AND robot = 0 THEN visitor END AS visitor
  FROM event_row WHERE dim NOT IN (26, 28)
  UNION ALL
  SELECT date_trunc('hour', started_at), dim, value, 1, (interactive <= 1)::int,
    floor(extract(epoch FROM last_at - started_at))::bigint, 0, 0, 0, 0, NULL
  FROM visit_row;

INSERT INTO rollup_hour (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
  SELECT bucket, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews), sum(views), sum(events), sum(engaged_ms), 1,
    dim, coalesce(hll_add_agg(visitor::hll_hashval, 14, 5, -1, 1), hll_empty(14, 5, -1, 1))
  FROM hour_row GROUP BY bucket, dim, value;
INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
  SELECT (bucket AT TIME ZONE 'Europe/Berlin')::date, value, sum(visits), sum(bounces), sum(duration_s), sum(pageviews),
    sum(views), sum(events), sum(engaged_ms), 1, dim, coalesce(hll_add_agg(visitor::hll_hashval, 14, 5, -1, 1), hll_empty(14, 5, -1, 1))
  FROM hour_row GROUP BY 1, dim, value;
INSERT INTO content_hour (bucket, content_id, pageviews, views, events, engaged_ms, site_id, auth, visitors)
  SELECT bucket, value, pageviews, views, events, engaged_ms, 1, false, visitors FROM rollup_hour WHERE dim = 2;
INSERT INTO content_day (bucket, content_id, pageviews, views, events, engaged_ms, site_id, auth, visitors)
  SELECT bucket, value, pageviews, views, events, engaged_ms, 1, false, visitors FROM rollup_day WHERE dim = 2;
UPDATE content_hour SET uniques = views, qualified = pageviews, impressions = 2 * events;
UPDATE content_day SET uniques = views, qualified = pageviews, impressions = 2 * events;
UPDATE content_hour SET auth = true, reactions = events
  WHERE content_id = 1 AND (bucket AT TIME ZONE 'Europe/Berlin')::date = '2026-10-22';
UPDATE content_day SET auth = true, reactions = events WHERE content_id = 1 AND bucket = '2026-10-22';
DELETE FROM rollup_hour WHERE dim = 2;
DELETE FROM rollup_day WHERE dim = 2;
INSERT INTO rollup_day (bucket, value, visits, bounces, duration_s, pageviews, views, events, engaged_ms, site_id, dim, visitors)
  VALUES ('2026-10-21', 0, 9, 9, 0, 9, 9, 9, 0, 2, 0, hll_empty(14, 5, -1, 1));

INSERT INTO content_counter (site_id, content_id, day, views_day, views_month, views_total) VALUES
    (1, 1, '2026-10-31', 5, 50, 500), (1, 2, '2026-10-30', 7, 70, 700), (1, 4, '2026-09-30', 9, 90, 900);
UPDATE content_counter SET uniques_day = 4, uniques_month = 40, uniques_total = 400, qualified_day = 3, qualified_month = 30,
    qualified_total = 300;
INSERT INTO task (task, due_at, last_ok_at) VALUES ('drain', '2026-11-01 00:00+00', '2026-11-01 00:00:00+00');
