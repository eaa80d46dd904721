-- What the roles of roles.sql may; run after it, and by `footfall migrate up` where they are there: tables of a new version
-- are then known to them. All of it is taken away first, so that what is not here is not allowed.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM footfall_stats, footfall_admin;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM footfall_stats, footfall_admin;
GRANT USAGE ON SCHEMA public TO footfall_stats, footfall_admin;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO footfall_stats, footfall_admin;
DO $future$
BEGIN
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT SELECT ON TABLES TO footfall_stats, footfall_admin',
        (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'site'));
END
$future$;

-- Sessions are the admin pages' own business.
REVOKE SELECT ON admin_session FROM footfall_stats;
GRANT INSERT, UPDATE, DELETE ON site, goal, segment, account_site, content_membership TO footfall_stats;
GRANT INSERT, UPDATE ON content, share_link TO footfall_stats;
REVOKE SELECT ON account FROM footfall_stats; -- no hashes
GRANT SELECT (account_id, login, role, created_at, every_site, has_password), INSERT (login) ON account TO footfall_stats;
GRANT INSERT ON audit, share_pass, site_removed TO footfall_stats;
GRANT UPDATE (views_day, uniques_day, qualified_day, day_reset_at, views_month, uniques_month, qualified_month, month_reset_at)
    ON content_counter TO footfall_stats; -- resets by hand
GRANT INSERT, UPDATE, DELETE ON task_ask TO footfall_stats;
GRANT INSERT, DELETE ON signature_seen, login_failure TO footfall_stats;

GRANT INSERT, UPDATE, DELETE ON admin_session TO footfall_admin;
GRANT UPDATE ON account TO footfall_admin;
GRANT INSERT, DELETE ON login_failure TO footfall_admin;
GRANT INSERT ON audit TO footfall_admin;
