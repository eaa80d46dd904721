-- What every session of ours relies on. $1: milliseconds a statement may take, null = the server's own setting.
-- (Custom plans: a generic one locks the tables of all days, which are more than PostgreSQL has locks for after some years. A client that was
-- killed is noticed within a statement, so that it holds no lock until that ends; from PostgreSQL 14 on. Parallel
-- workers take longer to begin than rollups take to be read: they are for single events.)
SELECT set_config('TimeZone', 'UTC', false),
       set_config('DateStyle', 'ISO, YMD', false),
       set_config('IntervalStyle', 'postgres', false),
       set_config('bytea_output', 'hex', false),
       set_config('extra_float_digits', '1', false),
       set_config('search_path', 'public, pg_temp', false),
       set_config('lock_timeout', '10s', false),
       set_config('plan_cache_mode', 'force_custom_plan', false),
       set_config('parallel_setup_cost', '20000', false),
       set_config('idle_in_transaction_session_timeout', '5min', false),
       (SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'),
       set_config('statement_timeout', coalesce($1::text, (SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout')), false)
