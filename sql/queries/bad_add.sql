-- Puts records into the quarantine. $1: uuid[] segments, $2: bigint[] offsets, $3: timestamptz[] of receipt,
-- $4: text[] reasons, $5: bytea[] payloads
INSERT INTO bad_record (segment, off, received_at, reason, payload)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::bytea[])
