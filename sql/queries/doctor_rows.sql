-- Rows that should not be there, for `footfall doctor`. $1: the first day that has tables of its own. -> events of such days in
-- the default partition, visits in it, windows in it, quarantined records
SELECT (SELECT count(*) FROM event_default WHERE ts >= $1::date::timestamp AT TIME ZONE 'UTC'),
       (SELECT count(*) FROM visit_default WHERE day >= $1::date),
       (SELECT count(*) FROM content_window_default WHERE started_at >= $1::date::timestamp AT TIME ZONE 'UTC'),
       (SELECT count(*) FROM bad_record)
