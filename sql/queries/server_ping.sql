-- Is the database there, and is it ours? No parameters. -> newest migration number
SELECT coalesce(max(number), 0) FROM schema_migration
