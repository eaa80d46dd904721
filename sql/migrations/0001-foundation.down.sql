DROP FUNCTION footfall_partition_drop(date);
DROP FUNCTION footfall_partition_make(date);
DROP FUNCTION footfall_partition_add(text, date, text, text, text);
DROP TABLE task, task_run, api_key, login_failure, admin_session, account, drain_count, bad_record,
    spool_position, rollup_day, rollup_hour, import_seen, event, visit, content_counter, content, label, site;
DROP SEQUENCE visit_id_seq;
