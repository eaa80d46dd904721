-- Remembers the signature of a request for ten minutes. $1: the signature -> 1 if it is new, 0 if it was there
WITH old AS (DELETE FROM signature_seen WHERE seen_at < now() - interval '10 minutes'),
new AS (INSERT INTO signature_seen (signature) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*) FROM new
