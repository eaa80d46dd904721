-- Forgets quarantined records that hold a viewer's pseudonym. $1: viewer, 16 bytes
DELETE FROM bad_record WHERE position($1::bytea IN payload) > 0
