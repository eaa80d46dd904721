-- Days whose entries are to be counted anew, the oldest first. $1: how many at most -> site_id, day
SELECT site_id, bucket FROM rollup_unsettled ORDER BY bucket, site_id LIMIT $1::int
