-- Are there sums of days whose single visits are forgotten? $1: site, $2: from, $3: first day that is kept
SELECT EXISTS (
    SELECT FROM rollup_day r JOIN site s USING (site_id)
    WHERE r.site_id = $1::int AND r.dim = 0 AND r.bucket >= ($2::timestamptz AT TIME ZONE s.time_zone)::date
        AND r.bucket < $3::date)
