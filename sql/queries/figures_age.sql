-- Up to when figures are complete: the last look of the drain that committed or found nothing. No parameters.
-- -> timestamptz, null if it never ran
SELECT greatest((SELECT max(updated_at) FROM spool_position), (SELECT max(last_ok_at) FROM task WHERE task = 'drain'))
