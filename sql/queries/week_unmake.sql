-- Takes back the week of a day whose figures change: its days answer until it is made anew. $1: site, $2: day
DELETE FROM rollup_week_made WHERE site_id = $1::int AND bucket = date_trunc('week', $2::date)::date
