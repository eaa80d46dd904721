-- Months that sites have rows of. $1: int[] of sites. -> site_id, the month's first day
SELECT site_id, bucket FROM rollup_month_made WHERE site_id = ANY ($1::int[])
