-- Rows that should not be there, for `footfall doctor`. -> events in the default partition, visits in it, quarantined records
SELECT (SELECT count(*) FROM event_default), (SELECT count(*) FROM visit_default), (SELECT count(*) FROM bad_record)
