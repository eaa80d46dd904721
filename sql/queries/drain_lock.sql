-- Opens a batch: drains of several spool directories follow each other; its commit is on disk when it is confirmed,
-- whatever the server's default; its statements are planned once, by index, because tables that are empty today will not
-- be for long. No parameters. -> nothing of use
SELECT pg_advisory_xact_lock(6010314425),
    set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
        THEN 'on' ELSE current_setting('synchronous_commit') END, true),
    set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true)
