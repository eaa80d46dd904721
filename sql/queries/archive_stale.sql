-- Whether rows came after their day was archived; under the drain's lock. $1: site, null for all, $2: day
SELECT EXISTS (
    SELECT FROM archived a JOIN day_told t USING (site_id, day)
    WHERE a.day = $2::date AND ($1::int IS NULL OR a.site_id = $1::int) AND NOT a.gone AND t.told_at > a.archived_at)
