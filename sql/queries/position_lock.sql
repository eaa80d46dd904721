-- Locks the positions of segments for a batch. $1: uuid[]. -> place in the array from 1, off, finished; of the known ones
SELECT s.n, p.off, p.finished
FROM unnest($1::uuid[]) WITH ORDINALITY AS s(segment, n) JOIN spool_position p USING (segment)
ORDER BY s.n FOR UPDATE OF p
