-- The first day of which single events are kept anywhere, or that may stand in no day's table. -> day, null: there is none
SELECT least(
    (SELECT min(to_date(right(relname, 8), 'YYYYMMDD')) FROM pg_inherits JOIN pg_class ON oid = inhrelid
     WHERE inhparent = 'event'::regclass AND relname ~ '^event_[0-9]{8}$'),
    (SELECT min(ts AT TIME ZONE 'UTC')::date FROM event_default))
