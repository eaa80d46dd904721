-- Moves a position behind a batch; touches no row if it does not stand where the batch began. $1: segment, $2: old off,
-- $3: new off, $4: records taken, $5: finished
UPDATE spool_position SET off = $3, events = events + $4, finished = $5, updated_at = now()
WHERE segment = $1::uuid AND off = $2 AND NOT finished
