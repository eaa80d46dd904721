-- == Mended ==
ALTER TABLE account DROP COLUMN has_password,
    ALTER password_hash DROP DEFAULT, ALTER role DROP DEFAULT, ALTER every_site SET DEFAULT true;
UPDATE content_membership m SET since = least(c.created_at, m.until - interval '1 second') FROM content c
WHERE (c.site_id, c.content_id) = (m.site_id, m.content_id) AND m.since = '-infinity';
DROP FUNCTION footfall_content_said;
CREATE OR REPLACE FUNCTION footfall_content_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM footfall_content_move(NEW.site_id, NEW.content_id, NEW.collection, now());
    RETURN NULL;
END
$$;
ALTER TABLE content_counter DROP COLUMN month_reset_at, DROP COLUMN day_reset_at;

-- == Drain ==

-- == Weeks ==
DROP TABLE rollup_week_made;
DROP TABLE content_week;
DROP TABLE rollup_week;
