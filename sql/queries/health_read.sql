-- What the database knows about its own health. No parameters. -> newest migration; last commit or idle look of the
-- drain (null: never); records in quarantine; tasks whose last run failed
SELECT (SELECT coalesce(max(number), 0) FROM schema_migration),
       (SELECT greatest((SELECT max(updated_at) FROM spool_position), (SELECT max(last_ok_at) FROM task WHERE task = 'drain'))),
       (SELECT count(*) FROM bad_record),
       (SELECT count(*) FROM task WHERE failures > 0)
