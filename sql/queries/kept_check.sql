-- Whether a site keeps figures of a time. $1: site_id, $2: its first instant, null if hours are not asked, $3: its first local day,
-- null if days are not asked. -> since when hours, days are kept, null where they are
SELECT CASE WHEN $2::timestamptz < k.hours_from THEN k.hours_from END,
       (SELECT max(least(k.days_from, (m.bucket + interval '1 month')::date)) FROM rollup_month_made m
        WHERE m.site_id = k.site_id AND m.bucket < k.days_from AND m.bucket + interval '1 month' > $3::date
            AND $3::date < k.days_from)
FROM site_kept k WHERE k.site_id = $1::int
