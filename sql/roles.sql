-- Roles for the programs, each with what it needs and no more; run by `footfall init --roles`, as often as wanted, by the
-- owner of the tables with CREATEROLE, or by a superuser. What they may is said in grants.sql, which follows.
--
--   footfall_stats   reads; writes what the API manages: sites, goals, segments, links, guests, items, asked tasks
--   footfall_admin   reads; writes sessions, passwords that are hashed anew, the audit
--   footfall_cron    is the owner of the tables from its first statement on: it makes and drops tables of days
-- The collector has none: it never asks the database.
DO $roles$
DECLARE
    owner name;
    r     text;
BEGIN
    SELECT tableowner INTO owner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'site';
    IF owner IS NULL THEN
        RAISE EXCEPTION 'there are no tables yet: footfall migrate up comes first';
    END IF;
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = owner) THEN
        RAISE EXCEPTION 'the tables belong to the superuser %, whom footfall_cron would become: give them to a role of their own', owner;
    END IF;
    FOREACH r IN ARRAY ARRAY['footfall_stats', 'footfall_admin', 'footfall_cron'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', r);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), r);
    END LOOP;
    IF NOT pg_has_role('footfall_cron', owner, 'MEMBER') THEN
        EXECUTE format('GRANT %I TO footfall_cron', owner);
    END IF;
    EXECUTE format('ALTER ROLE footfall_cron IN DATABASE %I SET role = %L', current_database(), owner);
    FOREACH r IN ARRAY ARRAY['footfall_stats', 'footfall_admin'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = ''5s''', r, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = ''1min''', r, current_database());
    END LOOP;
END
$roles$;
