-- Remembers client ids of events that are too old to be kept. $1: int[] site ids, $2: uuid[]. -> site_id, event_id of those
-- that are new
INSERT INTO event_told (site_id, event_id)
SELECT * FROM unnest($1::int[], $2::uuid[])
ON CONFLICT (site_id, event_id) DO NOTHING
RETURNING site_id, event_id
