-- Whether all of a site's single rows of a time are there, because archives were brought back. $1: site_id, $2, $3: from and to, $4:
-- the first day that has them anyway. The visits of a day's first events may have begun the day before; a day without figures
-- has no rows.
SELECT NOT EXISTS (
    SELECT FROM generate_series(($2::timestamptz AT TIME ZONE 'UTC')::date - 1,
        (($3::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date, '1 day') AS d(day)
    WHERE d.day < $4::date - 1
        AND NOT EXISTS (SELECT FROM raw_restored r WHERE r.site_id = $1::int AND r.day = d.day::date AND r.until > now())
        AND EXISTS (SELECT FROM rollup_day f WHERE f.site_id = $1::int AND f.dim IN (0, 16)
            AND f.bucket BETWEEN d.day::date - 1 AND d.day::date + 1))
