-- A purge. $1: purge -> site_id, events, is it undone
SELECT site_id, events, undone_at IS NOT NULL FROM purge WHERE purge_id = $1::bigint
