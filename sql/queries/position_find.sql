-- How far a segment is drained. $1: its uuid. -> off; no row = nothing of it
SELECT off FROM spool_position WHERE segment = $1::uuid
