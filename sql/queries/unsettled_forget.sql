-- Leaves a day's entries as they are. $1: site, $2: day
DELETE FROM rollup_unsettled WHERE site_id = $1::int AND bucket = $2::date
