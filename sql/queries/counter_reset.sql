-- Sets counters of a site's items back to 0, of the day or of the month, and remembers when: purges are to leave what came
-- before alone. $1: site, $2: its local day, $3: 1 for the month's, $4: kind and $5: key of the only item, or nulls,
-- $6: items behind this one, $7: at most, $8: now -> how many were not 0 already, how many it went through, the last of them
WITH due AS (
    SELECT c.content_id, CASE WHEN $3::int = 1 THEN (c.views_month, c.uniques_month, c.qualified_month)
            ELSE (c.views_day, c.uniques_day, c.qualified_day) END <> (0::bigint, 0::bigint, 0::bigint) AS seen
    FROM content_counter c
    WHERE c.site_id = $1 AND c.content_id > $6
        AND ($4::text IS NULL OR c.content_id = (SELECT content_id FROM content WHERE site_id = $1 AND kind = $4 AND key = $5))
        AND CASE WHEN $3::int = 1 THEN date_trunc('month', c.day) = date_trunc('month', $2::date) ELSE c.day = $2::date END
    ORDER BY c.content_id
    LIMIT $7
    FOR UPDATE),
done AS (
    UPDATE content_counter c
    SET views_day = CASE WHEN $3::int = 1 THEN views_day ELSE 0 END,
        uniques_day = CASE WHEN $3::int = 1 THEN uniques_day ELSE 0 END,
        qualified_day = CASE WHEN $3::int = 1 THEN qualified_day ELSE 0 END,
        day_reset_at = CASE WHEN $3::int = 1 THEN day_reset_at ELSE $8::timestamptz END,
        views_month = CASE WHEN $3::int = 1 THEN 0 ELSE views_month END,
        uniques_month = CASE WHEN $3::int = 1 THEN 0 ELSE uniques_month END,
        qualified_month = CASE WHEN $3::int = 1 THEN 0 ELSE qualified_month END,
        month_reset_at = CASE WHEN $3::int = 1 THEN $8::timestamptz ELSE month_reset_at END
    FROM due
    WHERE c.site_id = $1 AND c.content_id = due.content_id
    RETURNING c.content_id, due.seen)
SELECT count(*) FILTER (WHERE seen), count(*), coalesce(max(content_id), 0) FROM done
